import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { createOutput } from './output.ts'
import { readTexts, type NumberedText, type TextRequest } from './read-texts.ts'
import { runSentiment } from './run-sentiment.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-texts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function all(request: Partial<TextRequest> & { file: string }): Promise<NumberedText[]> {
  const found: NumberedText[] = []
  for await (const batch of readTexts({ column: null, delimiter: ',', ...request })) {
    found.push(...batch)
  }
  return found
}

test('each line is a text, whatever ends it', async () => {
  expect(await all({ file: fileOf('a.txt', 'one\r\n\ntwo') })).toEqual([
    { line: 1, text: 'one' },
    { line: 2, text: '' },
    { line: 3, text: 'two' },
  ])
})

test('a line without an end is not held in memory', async () => {
  const [text, ...none] = await all({ file: fileOf('long.txt', 'x'.repeat(3_000_000)) })
  expect(none).toEqual([])
  expect(text?.text?.length).toBe(32_768)
})

test('a column of a packed CSV file', async () => {
  const file = fileOf('b.csv.gz', gzipSync('id,comment\n1,"good,\nvery"\n2,bad\n'))
  expect((await all({ file, column: 'comment' })).map(({ text }) => text)).toEqual([
    'good,\nvery',
    'bad',
  ])
  await expect(all({ file, column: 'text' })).rejects.toThrow(/no column "text".*id, comment/)
  await expect(all({ file: join(folder, 'none.csv') })).rejects.toThrow(/Cannot read/)
})

test.each(['lexicon', 'model'] as const)(
  '%s: words that add up, topics, and null',
  async (method) => {
    let [out, err] = ['', '']
    const output = createOutput({
      json: true,
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (err += text) },
    })
    const file = fileOf(
      'c.txt',
      'The delivery was awful, but support is great!\nSupport ist nicht gut\n',
    )
    await runSentiment({ output, file, column: null, delimiter: ',', method })
    const [first, second] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const words = first?.['words'] as { contribution: number }[]
    const [base, emphasis, sum] = ['base', 'emphasis', 'sum'].map((key) => Number(first?.[key]))
    const total = words.reduce((made, word) => made + word.contribution, 0)
    expect(total + Number(base) + Number(emphasis)).toBeCloseTo(Number(sum), 9)
    expect(first).toMatchObject({
      ...{ line: 1, method, notJudged: null, score: expect.any(Number) as number },
      aspects: [
        { topic: 'delivery', words: ['awful'] },
        { topic: 'support', words: ['great'] },
      ],
    })
    expect(second).toMatchObject({ line: 2, score: null, notJudged: 'not in English' })
    expect(err).toContain('1 of 2 texts judged')
  },
)

test('what steers a terminal does not reach it', async () => {
  let out = ''
  const write = (text: string) => (out += text)
  const output = createOutput({ json: false, out: { write }, err: { write } })
  const file = fileOf('d.txt', 'this is \u001b[31mgood\u001b[0m and \u009bgreat\u009b good\n')
  await runSentiment({ output, file, column: null, delimiter: ',', method: 'model' })
  expect(out).toMatch(/line 1: /)
  expect(out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
