import { expect, test } from 'vitest'
import { createProgress, type ProgressOptions } from './progress.ts'

function record(options: Partial<ProgressOptions> & { isTTY?: boolean; columns?: number }) {
  let time = 0
  let text = ''
  const { isTTY = false, columns = 80, ...rest } = options
  const stream = { isTTY, columns, write: (more: string) => void (text += more) }
  const progress = createProgress({
    label: 'Importing',
    total: 1_000,
    unit: 'rows',
    json: false,
    stream,
    now: () => time,
    ...rest,
  })
  return { progress, at: (ms: number) => (time = ms), text: () => text }
}

test('on a terminal a bar rewrites itself, ten times a second at most', () => {
  const { progress, at, text } = record({ isTTY: true })
  for (let ms = 0; ms <= 1_000; ms += 10) {
    at(ms)
    progress.update(ms / 2)
  }
  expect(text().match(/\r/g)).toHaveLength(10)
  expect(text()).toContain(
    '[############............] Importing: 500 of 1,000 rows, 500/s, 1 s to go',
  )
  expect(text()).not.toContain('\n')
  at(2_000)
  progress.finish(1_000)
  expect(
    text().endsWith('[########################] Importing: 1,000 of 1,000 rows, 500/s, in 2 s\n'),
  ).toBe(true)
})

test('a narrow window cuts the line rather than wrapping it', () => {
  const { progress, at, text } = record({ isTTY: true, columns: 30 })
  at(500)
  progress.update(10)
  expect(text().replace('\r\u001b[2K', '')).toHaveLength(29)
})

test('in a file there is a plain line every three seconds', () => {
  const { progress, at, text } = record({ total: null })
  for (let ms = 0; ms <= 10_000; ms += 100) {
    at(ms)
    progress.update(ms)
  }
  progress.finish(10_000)
  progress.update(12_000)
  progress.finish(12_000)
  expect(text()).toBe(
    'Importing: 3,000 rows, 1,000/s\nImporting: 6,000 rows, 1,000/s\n' +
      'Importing: 9,000 rows, 1,000/s\nImporting: 10,000 rows, 1,000/s\n',
  )
})

test('with --json each line is a document', () => {
  const { progress, at, text } = record({ json: true, isTTY: true })
  at(4_000)
  progress.update(100)
  progress.finish(1_000)
  const lines = text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toEqual([
    { progress: 'Importing', done: 100, total: 1_000, unit: 'rows', perSecond: 25, seconds: 4 },
    { progress: 'Importing', done: 1_000, total: 1_000, unit: 'rows', perSecond: 250, seconds: 4 },
  ])
})
