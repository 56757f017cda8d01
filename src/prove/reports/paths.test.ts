/** Paths against the same touchpoints, read from the truth; and what is planted in the demo. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReportBench, type ReportBench } from '../../../test/report-bench.ts'
import type { PathsPicture } from '../../domain/reports/paths.ts'

interface Touch {
  readonly at: number
  readonly kind: string
  readonly channel: string
  readonly series: string
}

let bench: ReportBench
let touches: Map<string, Touch[]>

beforeAll(async () => {
  bench = await openReportBench(1000)
  const { rows } = await bench.truth.pool.query<Omit<Touch, 'at'> & { id: string; at: Date }>(
    `select i.party_id as id, t.occurred_at as at, kind, channel,
       coalesce(t.properties->>'series', '') as series
     from touchpoint t join identifier i using (subject_id) where not bot
     order by t.occurred_at`,
  )
  touches = new Map()
  for (const { id, at, ...rest } of rows) {
    const list = touches.get(id) ?? []
    if (list.length === 0) touches.set(id, list)
    list.push({ at: at.getTime(), ...rest })
  }
}, 300_000)
afterAll(() => bench.close())

const ask = async (query: Record<string, string>) =>
  (await bench.ask<PathsPicture>('paths', { from: '2025-06-01', ...query })).picture

/** Steps before the first touchpoint of this kind, of those who came to it since `from`. */
function walksTo(kind: string, from: number, step: (touch: Touch) => string): string[][] {
  return [...touches.values()].flatMap((list) => {
    const outcome = list.find((touch) => touch.kind === kind)
    if (outcome === undefined || outcome.at < from) return []
    return [
      list
        .filter(({ at }) => at < outcome.at)
        .map(step)
        .filter((name) => name !== ''),
    ]
  })
}

const noSteps = new Set(['email_sent', 'email_delivered', 'email_bounced', 'message_sent', 'identified', 'grouped', 'aliased']) // prettier-ignore

test.each([
  ['trial_started', 'series', (touch: Touch) => touch.series],
  ['purchase', 'channel', (touch: Touch) => (noSteps.has(touch.kind) ? '' : touch.channel)],
] as const)('who came to %s, and by which %s', async (outcome, by, step) => {
  const picture = await ask({ outcome, by })
  const walks = walksTo(outcome, Date.UTC(2025, 5, 1), step)
  const withSteps = walks.filter(({ length }) => length > 0)
  expect(picture.people.reached).toBe(walks.length)
  expect(picture.compared.without).toBe(walks.length - withSteps.length)
  expect(picture.compared.reached).toBe(withSteps.length)
  const looked = withSteps.map((walk) => walk.slice(-picture.compared.window))
  const single = picture.differences.filter(({ steps }) => steps.length === 1)
  expect(single.length).toBeGreaterThan(2)
  for (const { steps, reached } of single) {
    const [name = ''] = steps
    expect([name, reached]).toEqual([name, looked.filter((walk) => walk.includes(name)).length])
  }
})

test('lift is what follows from the counts', async () => {
  const { differences, compared } = await ask({ outcome: 'trial_started', by: 'kind' })
  expect(compared.others % compared.reached).toBe(0)
  for (const one of differences) {
    if (one.isCorrected) continue
    const [p, q] = [one.reached / compared.reached, one.others / compared.others]
    expect(one.lift.value).toBeCloseTo(p / q, 10)
    const error = Math.sqrt(1 / one.reached - 1 / compared.reached + 1 / one.others - 1 / compared.others) // prettier-ignore
    expect(one.lift.low).toBeCloseTo(Math.exp(Math.log(p / q) - 1.959964 * error), 4)
    expect(one.q).toBeLessThanOrEqual(1)
  }
})

test('The Living Stock moves people towards a trial, Plant of the Week does not', async () => {
  const { differences } = await ask({ outcome: 'trial_started', by: 'series' })
  const of = (name: string) =>
    differences.find(({ steps }) => steps.length === 1 && steps[0] === name)
  const [taught, liked] = [of('The Living Stock'), of('Plant of the Week')]
  expect(taught?.lift.low).toBeGreaterThan(1.02)
  expect(taught?.q).toBeLessThan(0.05)
  expect(liked?.lift.value).toBeLessThan(1.02)
  expect((liked?.lift.low ?? 9) > 1 && (liked?.q ?? 1) < 0.05).toBe(false)
})

test('sequences are collapsed, cut before the outcome, and counted with their time', async () => {
  const { sequences, compared } = await ask({ outcome: 'trial_started', by: 'series', steps: '2' })
  const waysOf = [...touches.values()].flatMap((list) => {
    const outcome = list.find(({ kind }) => kind === 'trial_started')
    if (outcome === undefined || outcome.at < Date.UTC(2025, 5, 1)) return []
    const read = list.filter(({ at, series }) => series !== '' && at < outcome.at)
    const walk = read.slice(-compared.window).map(({ series }) => series)
    const runs = walk.filter((name, index) => name !== walk[index - 1])
    return runs.length === 0 ? [] : [`${runs.length > 2} ${runs.slice(-2).join(' > ')}`]
  })
  expect(sequences.length).toBeGreaterThan(5)
  for (const one of sequences) {
    const way = `${one.isCut} ${one.steps.join(' > ')}`
    expect([way, one.reached]).toEqual([way, waysOf.filter((other) => other === way).length])
    expect(one.reachedShare.value).toBeCloseTo(one.reached / compared.reached, 12)
    expect(one.typicalDays).toBeGreaterThan(0)
  }
})

test('the flow holds everybody who came there, and its bands fit its nodes', async () => {
  const { flow, compared, outcome } = await ask({ outcome: 'rung:loyal', steps: '3' })
  expect(outcome).toMatchObject({ name: 'Loyal', isRung: true })
  const sum = (list: readonly { people: number }[]): number =>
    list.reduce((total, { people }) => total + people, 0)
  expect(sum(flow.columns.at(-1) ?? [])).toBe(compared.reached)
  for (const { id, people } of flow.columns[2] ?? [])
    expect(sum(flow.links.filter(({ column, to }) => column === 1 && to === id))).toBe(people)
})

test('who came to a rung is who first stood on it or above it', async () => {
  const { people } = await ask({ outcome: 'rung:customer', from: '2026-03-01' })
  const { rows } = await bench.truth.pool.query<{ reached: number; ever: number }>(
    `with firsts as (select party_id, min(at) as at from transition
       join party p on p.id = party_id and p.merged_into is null and p.kind = 'person'
       where what = 'rung' and to_value in ('customer', 'owner', 'loyal', 'advocate') group by 1)
     select count(*) filter (where at >= '2026-03-01Z')::int as reached, count(*)::int as ever
     from firsts`,
  )
  const { reached, ever } = rows[0] ?? { reached: 0, ever: 0 }
  // Robots are nobody: only who was ever seen counts.
  expect(people).toEqual({ reached, others: touches.size - ever })
})

test('nobody there, and what cannot be asked', async () => {
  const none = await ask({ outcome: 'talk_given', from: '2026-11-22', to: '2026-11-23' })
  expect(none.compared.reached).toBe(0)
  expect(none.differences).toEqual([])
  await expect(ask({ outcome: 'nothing' })).rejects.toThrow(/no kind of touchpoint/)
  await expect(ask({ outcome: 'rung:nowhere' })).rejects.toThrow(/the rungs are/)
  await expect(ask({ outcome: 'purchase', by: 'weather' })).rejects.toThrow(/by/)
})
