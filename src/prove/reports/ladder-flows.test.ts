/** Ladder flows against the same moves and touchpoints, read from the truth and counted one by one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReportBench, type ReportBench } from '../../../test/report-bench.ts'
import type { LadderFlowsPicture } from '../../domain/reports/ladder-flows.ts'

let bench: ReportBench
let people: Map<string, { persona: string; moves: { at: number; to: string }[] }>
let rungs: string[]
const dayLength = 86_400_000

beforeAll(async () => {
  bench = await openReportBench(300)
  rungs = (await bench.engine.models.serving(bench.truth.db)).compiled.rungs.map(({ id }) => id)
  const personas = await bench.lens<{ id: string; persona: string }>(
    `select toString(party_id) as id, persona from parties where kind = 'person'`,
  )
  people = new Map(personas.map(({ id, persona }) => [id, { persona, moves: [] }]))
  const { rows } = await bench.truth.pool.query<{ id: string; at: Date; to: string }>(
    `select party_id as id, at, to_value as "to" from transition where what = 'rung' order by at, id`,
  )
  for (const { id, at, to } of rows) people.get(id)?.moves.push({ at: at.getTime(), to })
}, 240_000)
afterAll(() => bench.close())

const ask = async (query: Record<string, string> = {}) =>
  bench.ask<LadderFlowsPicture>('ladder-flows', query)

const standing = (moves: readonly { at: number; to: string }[], at: number): string =>
  moves.findLast((move) => move.at < at)?.to ?? ''

test('who stood where at each moment, and moved between', async () => {
  const query = { from: '2026-01-01', columns: '5', persona: 'shop_manager' }
  const { picture } = await ask(query)
  expect(picture.cuts).toHaveLength(5)
  expect(picture.cuts[0]).toBe('2026-01-01T00:00:00.000Z')
  const cuts = picture.cuts.map((at) => Date.parse(at))
  const counts = new Map<string, number>()
  const add = (...key: (string | number)[]): void =>
    void counts.set(key.join(' '), (counts.get(key.join(' ')) ?? 0) + 1)
  for (const { persona, moves } of people.values()) {
    if (persona !== 'shop_manager') continue
    const path = cuts.map((at) => standing(moves, at))
    for (let cut = 0; cut < 4; cut++) {
      if (path[cut] !== '' || path[cut + 1] !== '') add(cut, path[cut] ?? '', path[cut + 1] ?? '')
    }
    if (path[0] !== '' || path[4] !== '') add('all', path[0] ?? '', path[4] ?? '')
  }
  const told = [
    ...picture.flows.map((one) => [`${one.cut} ${one.from} ${one.to}`, one.people] as const),
    ...picture.change.map((one) => [`all ${one.from} ${one.to}`, one.people] as const),
  ]
  expect(new Map(told)).toEqual(counts)
  expect(told.length).toBeGreaterThan(30)
})

test('the figures add up', async () => {
  const { summary, change, rungs: stands } = (await ask()).picture
  expect(summary.atStart + summary.entered).toBe(summary.atEnd)
  expect(stands.reduce((sum, one) => sum + one.people, 0)).toBe(summary.atEnd)
  const stayed = change.reduce((sum, one) => sum + (one.from === one.to ? one.people : 0), 0)
  expect(summary.rose + summary.fell + stayed).toBe(summary.atStart)
  const now = [...people.values()].filter(({ moves }) => moves.length > 0)
  expect(summary.atEnd).toBe(now.length)
})

/** Kaplan and Meier by the book: every time in turn, everybody counted anew. */
function medianByHand(stays: readonly { hours: number; over: boolean }[]): number | null {
  let still = 1
  for (const time of [...new Set(stays.map(({ hours }) => hours))].sort((a, b) => a - b)) {
    const atRisk = stays.filter(({ hours }) => hours >= time).length
    still *= 1 - stays.filter(({ hours, over }) => over && hours === time).length / atRisk
    if (still < 0.5 - 1e-9) return time
    if (still < 0.5 + 1e-9) return Number.NaN
  }
  return null
}

test('how long people stay and who stalls, watched to the end of the period', async () => {
  const { picture } = await ask({ from: '2026-01-01', to: '2026-06-30' })
  const end = Date.UTC(2026, 6, 1)
  for (const rung of rungs) {
    const stays = [...people.values()].flatMap(({ moves }) =>
      moves.flatMap(({ at, to }, index) => {
        const until = moves[index + 1]?.at ?? Infinity
        if (to !== rung || at >= end) return []
        return [{ hours: Math.floor((Math.min(until, end) - at) / 3_600_000), over: until < end }]
      }),
    )
    const told = picture.stays.find((one) => one.rung === rung)
    expect([rung, told?.stays ?? 0]).toEqual([rung, stays.length])
    if (told === undefined) continue
    const open = stays.filter(({ over }) => !over)
    expect(told.over).toBe(stays.length - open.length)
    expect(told.here).toBe(open.length)
    const median = medianByHand(stays)
    if (Number.isNaN(median)) continue
    expect(told.medianDays.value).toBe(median === null ? null : median / 24)
    if (median === null) continue
    expect(told.longer).toBe(open.filter(({ hours }) => hours > median).length)
    expect(told.medianDays.low).toBeLessThanOrEqual(told.medianDays.value ?? 0)
  }
})

test('the curve of a rung falls from all to few, and names who has just passed its usual stay', async () => {
  const { chosen, stays } = (await ask({ rung: 'considering' })).picture
  const median = stays.find(({ rung }) => rung === 'considering')?.medianDays.value ?? Infinity
  expect(chosen?.days[0]).toBe(0)
  const still = (chosen?.still ?? []).filter((value) => value !== null)
  expect(still).toEqual(still.toSorted((a, b) => b - a))
  expect(chosen?.people.length).toBeGreaterThan(0)
  for (const { id, days } of chosen?.people ?? []) {
    const moves = people.get(id)?.moves ?? []
    expect(moves.at(-1)?.to).toBe('considering')
    expect(days).toBeCloseTo((bench.now - (moves.at(-1)?.at ?? 0)) / dayLength, 3)
    expect(days).toBeGreaterThan(median)
  }
})

test('where people enter, by the channel of their first touchpoint', async () => {
  const { entries } = (await ask({ from: '2026-03-01' })).picture
  const { rows } = await bench.truth.pool.query<{ id: string; channel: string; at: Date }>(
    `select i.party_id as id, t.channel, t.occurred_at as at from touchpoint t
       join identifier i using (subject_id)
     where not bot and kind not in ('email_sent', 'email_delivered', 'email_bounced', 'message_sent',
       'identified', 'grouped', 'aliased') order by t.occurred_at`,
  )
  const firstOf = new Map<string, { channels: Set<string>; at: number }>()
  for (const { id, channel, at } of rows) {
    const known = firstOf.get(id) ?? { channels: new Set<string>(), at: at.getTime() }
    if (known.at === at.getTime()) known.channels.add(channel)
    firstOf.set(id, known)
  }
  const from = Date.UTC(2026, 2, 1)
  const entered = [...people].filter(([, { moves }]) => (moves[0]?.at ?? 0) >= from)
  expect(entries.reduce((sum, one) => sum + one.people, 0)).toBe(entered.length)
  const counted = (channel: string): number =>
    entries.reduce((sum, one) => sum + (one.source === channel ? one.people : 0), 0)
  for (const channel of new Set(rows.map((row) => row.channel))) {
    // Two channels at one moment are equally the first.
    const sure = entered.filter(([id]) => {
      const first = firstOf.get(id)
      return first?.channels.size === 1 && first.channels.has(channel)
    })
    const perhaps = entered.filter(([id]) => firstOf.get(id)?.channels.has(channel) ?? false)
    expect(counted(channel)).toBeGreaterThanOrEqual(sure.filter(([id, { moves }]) => (firstOf.get(id)?.at ?? 0) <= (moves[0]?.at ?? 0)).length) // prettier-ignore
    expect(counted(channel)).toBeLessThanOrEqual(perhaps.length)
  }
})

test('the period before is drawn beside it, and each table is there', async () => {
  const answer = await ask({ from: '2026-09-01', compare: 'previous' })
  expect(answer.compared?.period.to).toBe('2026-08-31')
  expect(answer.compared?.picture.summary.atEnd).toBe(answer.picture.summary.atStart)
  expect(answer.tables.map(({ id }) => id)).toEqual(['flows', 'change', 'stays', 'entries'])
  for (const { columns, rows } of answer.tables)
    for (const row of rows) expect(row).toHaveLength(columns.length)
})

test('what cannot be asked is refused with what can', async () => {
  await expect(ask({ rung: 'nowhere' })).rejects.toThrow(/no rung. They are unaware/)
  await expect(ask({ columns: '9' })).rejects.toThrow(/columns/)
})
