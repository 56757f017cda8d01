/** The network against the simulator's truth, and against the same touchpoints reckoned otherwise. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoDefaults, simulateDemo } from '../../../demo/generate.ts'
import { demoNow, openReportBench, type ReportBench } from '../../../test/report-bench.ts'
import type { GroundTruth } from '../../../demo/ground-truth.ts'
import type { NetworkPicture } from '../../domain/reports/network.ts'

const people = 900
let bench: ReportBench
let truth: GroundTruth
let picture: NetworkPicture
beforeAll(async () => {
  bench = await openReportBench(people)
  truth = simulateDemo({ ...demoDefaults, people, now: demoNow }).truth
  const answer = await bench.ask<NetworkPicture>('network', { from: '2025-01-01' })
  picture = answer.picture
}, 240_000)
afterAll(() => bench.close())

/**
 * The parties of each simulated person. Some are two: who recommends on a second device that nobody
 * signed in on is somebody else to us, in the network as everywhere.
 */
async function partiesOf(): Promise<(person: string) => string[]> {
  const { rows } = await bench.truth.pool.query<{ value: string; party: string }>(
    `select value, party_id as party from identifier where namespace in ('user_id', 'anonymous_id')`,
  )
  const byValue = new Map(rows.map(({ value, party }) => [value, party]))
  const ids = new Map(truth.people.map((one) => [one.id, [one.userId ?? '', ...one.anonymousIds]]))
  return (person) => [...new Set((ids.get(person) ?? []).flatMap((id) => byValue.get(id) ?? []))]
}

const edgesOf = ({ drawing }: NetworkPicture): Set<string> =>
  new Set(
    drawing.parent.flatMap((above, i) =>
      above < 0 ? [] : [`${drawing.ids[above]} ${drawing.ids[i]}`],
    ),
  )

test('it finds the referrals of the simulator, and no others', async () => {
  const parties = await partiesOf()
  const pairs = (from: string, to: string): string[] =>
    parties(from).flatMap((one) => parties(to).map((other) => `${one} ${other}`))
  const found = edgesOf(picture)
  const right = truth.referrals.filter(({ from, to }) =>
    pairs(from, to).some((edge) => found.has(edge)),
  )
  expect(truth.referrals.length).toBeGreaterThan(20)
  expect(right.length / truth.referrals.length).toBeGreaterThan(0.95)
  // Colleagues of the one who was sent come by the same link; they too were brought.
  const meant = new Set(
    truth.people.flatMap((one) => (one.referredBy === null ? [] : pairs(one.referredBy, one.id))),
  )
  expect([...found].filter((edge) => !meant.has(edge))).toEqual([])
})

test('it finds that advocates bring others', () => {
  const advocates = picture.rungs.at(-1)
  const others = picture.rungs.slice(0, -1)
  expect(advocates?.share.low).toBeGreaterThan(
    Math.max(...others.filter((rung) => rung.people > 20).map(({ share }) => share.high)),
  )
})

test('every figure is the same reckoned from the touchpoints one by one', async () => {
  const rows = await bench.lens<{ party: string; kind: string; code: string; at: number; minor: number | null; currency: string }>(
    `select toString(party_id) as party, kind, referral_code as code,
       toUnixTimestamp64Milli(occurred_at) as at, amount_minor as minor, currency
     from history order by at`,
  ) // prettier-ignore
  const first = new Map<string, number>()
  const maker = new Map<string, string>()
  const bringer = new Map<string, string>()
  const money = new Map<string, number>()
  for (const { party, kind, code, at } of rows) {
    if (!first.has(party)) first.set(party, at)
    if (['referral', 'referral_converted', 'member_invited'].includes(kind) && code !== '' && !maker.has(code))
      maker.set(code, party)
  } // prettier-ignore
  for (const { party, kind, code, at, minor, currency } of rows) {
    if (currency === 'EUR' && ['purchase', 'subscription_started', 'subscription_renewed'].includes(kind))
      money.set(party, (money.get(party) ?? 0) + (minor ?? 0))
    const by = maker.get(code)
    const soon = at - (first.get(party) ?? 0) <= 7 * 86_400_000
    if (kind !== 'referral' && by !== undefined && by !== party && soon && !bringer.has(party))
      bringer.set(party, by)
  } // prettier-ignore
  expect(edgesOf(picture)).toEqual(new Set([...bringer].map(([to, from]) => `${from} ${to}`)))
  expect(picture.totals).toMatchObject({
    brought: bringer.size,
    bringers: new Set(bringer.values()).size,
    valueMinor: [...bringer.keys()].reduce((sum, one) => sum + (money.get(one) ?? 0), 0),
  })
  const sent = rows.filter(({ kind }) => kind === 'referral').length
  expect(picture.kFactor?.members).toBe(first.size)
  expect(picture.kFactor?.newcomers).toBe(bringer.size)
  expect(picture.kFactor?.k.value).toBeCloseTo(bringer.size / first.size, 12)
  expect(picture.kFactor?.invitations).toBeGreaterThanOrEqual(sent)
  const all = picture.growth.generations.flatMap(({ people: line }) => line)
  expect(all.reduce((sum, one) => sum + one, 0)).toBe(first.size)
  expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
  const inTrees = picture.generations.reduce((sum, one) => sum + one.people, 0)
  expect(inTrees).toBe(picture.totals.people)
})

test('a segment of nobody has an empty network, and a bad window is refused', async () => {
  const before = await bench.ask<NetworkPicture>('network', { from: '2010-01-01', to: '2010-02-01' })
  expect(before.picture.totals.people).toBe(0)
  expect(before.picture.kFactor).toBeNull()
  await expect(bench.ask('network', { within: '0' })).rejects.toThrow()
  await expect(bench.ask('network', { within: 'week' })).rejects.toThrow()
}) // prettier-ignore
