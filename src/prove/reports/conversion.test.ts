/** Funnel, retention and attribution held against one person after the other, and against the truth. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attribute, methodNames } from '../attribution/attribute.ts'
import { createPathBuilder } from '../attribution/paths.ts'
import { channels } from '../../domain/touchpoint-kind.ts'
import { attributionMethods, type AttributionPicture } from '../../domain/reports/attribution.ts'
import type { FunnelPicture } from '../../domain/reports/funnel.ts'
import type { RetentionPicture } from '../../domain/reports/retention.ts'
import { stepShares } from '../attribution/rules.ts'
import { funnelLevel } from '../funnel.ts'
import { retention } from '../retention.ts'
import { longestPath } from './attribution-paths.ts'
import { periodNumber, type Unit } from './retention-queries.ts'
import { kindsNotOfPeople } from './steps.ts'
import { openReportBench, type ReportBench } from '../../../test/report-bench.ts'
import { anyOrderLevel, fulfils, masksOf, plainPaths, readPeople, type People, type Seen } from './testing-conversion.ts' // prettier-ignore

let bench: ReportBench
let people: People
const day = 86_400_000
const [from, to] = [Date.UTC(2025, 0, 1), Date.UTC(2026, 10, 24)]
const period = { from: '2025-01-01', to: '2026-11-23' }

beforeAll(async () => {
  bench = await openReportBench(400)
  await bench.engine.history.exporter.catchUp()
  const { compiled } = await bench.engine.models.serving(bench.truth.db)
  people = await readPeople(
    bench.truth,
    compiled.rungs.map(({ id }) => id),
  )
}, 300_000)
afterAll(() => bench.close())

describe('a funnel', () => {
  const funnels = [
    ['page_viewed', 'subscribed', 'trial_started', 'subscription_started'],
    ['content_viewed', 'content_viewed', 'video_watched'],
    ['rung:aware', 'rung:considering', 'rung:customer'],
    ['any', 'rung:considering', 'comparison', 'signed_up', 'feature_used'],
  ]
  const cases = funnels.flatMap((steps) =>
    ([[7, 'strict'], [180, 'strict'], [30, 'any']] as const).map(
      ([window, order]) => [steps, window, order] as const,
    ),
  ) // prettier-ignore

  test.each(cases)('counts %j within %d days, %s, as the reference does', async (steps, window, order) => {
    const answer = await bench.ask<FunnelPicture>('funnel', {
      ...{ ...period, steps: steps.join(','), window: String(window), order },
    })
    const options = { stepCount: steps.length, window: window * day }
    const levels = [...people.values()].map((all) => {
      const seen = all.filter(({ at }) => at >= from && at < to)
      const events = { times: seen.map(({ at }) => at), fulfils: masksOf(seen, steps) }
      return (order === 'strict' ? funnelLevel : anyOrderLevel)(events, options)
    })
    const counts = steps.map((_, step) => levels.filter((level) => level > step).length)
    expect(answer.picture.steps.map(({ people: came }) => came)).toEqual(counts)
    expect(counts[0]).toBeGreaterThan(50)
    // Everybody who went on has a time, and everybody who did not a next thing.
    for (const [step, { days, next, dropped }] of answer.picture.steps.entries()) {
      expect(days?.people ?? 0).toBe(step === 0 ? 0 : counts[step])
      const named = next.reduce((sum, { people: went }) => sum + went, 0)
      expect(named).toBeLessThanOrEqual(dropped)
      if (next.length < 6) expect(named).toBe(dropped)
    }
  }) // prettier-ignore

  test.each(['channel', 'campaign', 'persona', 'trait'])('adds up by %s', async (by) => {
    const query = { ...period, steps: 'page_viewed,subscribed,trial_started', by, trait: 'city' }
    const { picture } = await bench.ask<FunnelPicture>('funnel', query)
    for (const [step, { people: came }] of picture.steps.entries()) {
      const sum = picture.groups.reduce((all, group) => all + (group.people[step] ?? 0), 0)
      if (picture.groups.length < 12) expect(sum).toBe(came)
    }
    if (by === 'campaign') {
      // The planted one: it gets addresses like no other, and hardly a customer.
      const of = (name: string) => picture.groups.find((group) => group.name === name)?.people ?? []
      const [begun = 0, subscribed = 0, tried = 0] = of('monstera-giveaway')
      expect(subscribed / begun).toBeGreaterThan(0.6)
      expect(tried / begun).toBeLessThan(0.15)
    }
  })

  test('names those who came no farther', async () => {
    const query = { ...period, steps: 'page_viewed,subscribed,trial_started', dropped: '2' }
    const { picture } = await bench.ask<FunnelPicture>('funnel', query)
    expect(picture.people?.list).toHaveLength(Math.min(100, picture.steps[1]?.dropped ?? 0))
    for (const { id } of picture.people?.list ?? []) {
      expect(people.get(id)?.some((one) => fulfils(one, 'subscribed'))).toBe(true)
    }
  })

  test.each([
    [{ steps: 'page_viewed' }, /2 to 8 steps/],
    [{ steps: 'page_viewed,bought' }, /“bought” is no kind of touchpoint/],
    [{ steps: 'page_viewed,rung:guru' }, /the rungs are/],
    [{ steps: 'page_viewed,purchase|channel=tv' }, /“tv” is no channel/],
    [{ steps: 'page_viewed,purchase|drop' }, /after \| comes event=/],
    [{ steps: 'page_viewed,purchase', by: 'trait' }, /Say which trait/],
    [{ steps: 'page_viewed,purchase', dropped: '2' }, /after the last step/],
  ])('refuses %j', async (query, says) => {
    await expect(bench.ask('funnel', query)).rejects.toThrow(says)
  })

  test('takes hostile words for what they are', async () => {
    const event = encodeURIComponent("'); drop table touchpoint; --")
    const steps = `any,custom|event=${event}|prop.${event}=${event}`
    const { picture } = await bench.ask<FunnelPicture>('funnel', { ...period, steps })
    expect(picture.steps[1]?.people).toBe(0)
    expect(picture.steps[0]?.people).toBeGreaterThan(300)
  })
})

describe('retention', () => {
  const cases = [
    ['week', 'any', 'any', 'first', 'on'],
    ['month', 'subscription_started', 'feature_used', 'first', 'on_or_after'],
    ['month', 'rung:customer', 'any', 'first', 'on'],
    ['week', 'content_viewed', 'same', 'each', 'on'],
    ['day', 'signed_up', 'signed_in', 'each', 'on_or_after'],
  ] as const
  test.each(cases)('by %s of %s, back with %s, %s, %s, as the reference counts', async (unit, start, back, cohorts, variant) => {
    const own = unit === 'day' ? { from: '2026-08-01', to: '2026-11-23' } : period
    const { picture } = await bench.ask<RetentionPicture>('retention', {
      ...{ ...own, unit, start, back, cohorts, variant, longest: '12' },
    })
    const expected = expectedRetention({ unit, start, back, cohorts, variant, from: own.from })
    expect(picture.cohorts.map(({ size }) => size)).toEqual(expected.cohorts.map(({ size }) => size))
    expect(picture.cohorts.map(({ cells }) => cells)).toEqual(expected.cohorts.map(({ cells }) => cells))
    expect(picture.together).toEqual(expected.together)
    expect(picture.cohorts.length).toBeGreaterThan(5)
  }) // prettier-ignore

  test.each(['channel', 'campaign', 'persona'])('adds up by %s', async (by) => {
    const query = { ...period, unit: 'month', start: 'subscribed', by }
    const { picture } = await bench.ask<RetentionPicture>('retention', query)
    const all = picture.cohorts.reduce((sum, { size }) => sum + size, 0)
    const groups = picture.groups.reduce((sum, { size }) => sum + size, 0)
    if (picture.groups.length < 8) expect(groups).toBe(all)
    expect(groups).toBeGreaterThan(0.8 * all)
  })

  test('refuses more periods than can be drawn', async () => {
    const query = { from: '2024-01-01', to: '2026-11-23', unit: 'day' }
    await expect(bench.ask('retention', query)).rejects.toThrow(/Choose a shorter period/)
    await expect(bench.ask('retention', { back: ',' })).rejects.toThrow(/coming back/)
  })
})

interface Retained {
  readonly unit: Unit
  readonly start: string
  readonly back: string
  readonly cohorts: 'first' | 'each'
  readonly variant: 'on' | 'on_or_after'
  readonly from: string
}

function expectedRetention({ unit, start, back, cohorts, variant, from: first }: Retained) {
  const begin = Date.parse(`${first}T00:00:00Z`)
  const inside = periodNumber(begin, unit) + (unit === 'week' ? 1 : 0)
  const rows = [...people.values()].flatMap((all) => {
    const seen = all.filter(({ at }) => at < to)
    const starts = seen.filter((one) => fulfils(one, start)).map(({ at }) => periodNumber(at, unit))
    const returns = seen
      .filter((one) => fulfils(one, back === 'same' ? start : back))
      .map(({ at }) => periodNumber(at, unit))
    const begun = cohorts === 'first' ? starts.slice(0, 1) : [...new Set(starts)]
    return begun.filter((one) => one >= inside).map((one) => ({ first: one, active: returns }))
  })
  const offsets = Int32Array.from(rows.reduce((all, { active }) => [...all, (all.at(-1) ?? 0) + active.length], [0])) // prettier-ignore
  return retention(
    {
      first: Int32Array.from(rows, ({ first: one }) => one),
      active: Int32Array.from(rows.flatMap(({ active }) => active)),
      offsets,
    },
    { lastPeriod: periodNumber(bench.now, unit) - 1, variant, longest: 12 },
  )
}

/** Touches of one time are taken in the order of their channels. */
const places: readonly string[] = channels
const within = ['ad_clicked', 'subscribed', 'unsubscribed', 'signed_up', 'signed_in', 'signed_out']
const house = ['direct', 'web', 'app', 'server', 'import']
const notOfPeople: readonly string[] = kindsNotOfPeople
const brings = ({ kind, channel }: Seen): boolean =>
  !notOfPeople.includes(kind) && !within.includes(kind) && !house.includes(channel)
const words = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')

describe('attribution', () => {
  test('knows the methods of the arithmetic', () => expect(attributionMethods).toEqual(methodNames))

  const cases = [
    ['subscription_started', 'first', 'campaign', 'reach'],
    ['purchase', 'each', 'channel', 'all'],
    ['rung:customer', 'first', 'kind', 'reach'],
    ['referral', 'each', 'campaign', 'reach'],
  ] as const
  test.each(cases)('of %s (%s), by %s, %s: paths and credit as worked out alone', async (outcome, which, by, touches) => {
    const { picture, tables } = await bench.ask<AttributionPicture>('attribution', {
      ...{ ...period, outcome, which, by, touches, lookback: '120' },
    })
    const paths = plainPaths(people, {
      ...{ outcome, which, from, to, lookback: 120 * day, longest: longestPath },
      orderOf: ({ channel }) => places.indexOf(channel),
      isTouch: touches === 'reach' ? brings : ({ kind }) => !notOfPeople.includes(kind),
      nameOf: ({ kind, channel, campaign }) =>
        by === 'kind' ? words(kind) : by === 'campaign' && campaign !== '' ? `${words(channel)} · ${campaign}` : words(channel),
    })
    const builder = createPathBuilder()
    for (const { steps, won } of paths)
      builder.add({ steps, conversions: won ? 1 : 0, nulls: won ? 0 : 1 })
    const expected = attribute(builder.build(), { methods: picture.methods })
    expect(picture.totals).toMatchObject({
      ...{ outcomes: expected.totals.conversions, others: expected.totals.nulls },
      unattributed: expected.totals.unattributedConversions,
    })
    expect(picture.totals.outcomes).toBeGreaterThan(20)
    for (const channel of picture.channels) {
      const place = expected.channels.indexOf(channel.name)
      const on = paths.filter(({ steps }) => steps.includes(channel.name))
      expect(channel).toMatchObject({ paths: on.length, reached: on.filter(({ won }) => won).length })
      for (const { method, outcomes } of channel.credits) {
        const credit = method === 'time_decay' ? decayed(paths, channel.name) : expected.credits.get(method)?.conversions[place] ?? -1
        expect(outcomes, `${channel.name} ${method}`).toBeCloseTo(credit, 6)
      }
    }
    // The ledger of each method adds up to all outcomes, no more and no less.
    const ledger = tables.find(({ id }) => id === 'ledger')?.rows ?? []
    for (const method of picture.methods) {
      const own = ledger.filter((row) => row[1] === method)
      expect(own.reduce((sum, row) => sum + Number(row[2]), 0)).toBeCloseTo(picture.totals.outcomes, 6)
    }
  }) // prettier-ignore

  function decayed(paths: ReturnType<typeof plainPaths>, name: string): number {
    return paths.reduce((sum, { steps, ages, won }) => {
      const shares = stepShares('time_decay', steps.length, { halfLife: 7, ages })
      return sum + (won ? shares.reduce((own, share, i) => own + (steps[i] === name ? share : 0), 0) : 0) // prettier-ignore
    }, 0)
  }

  test('shares one outcome out to exactly 100 % by every method', async () => {
    const query = { ...period, outcome: 'subscription_started', lookback: '365' }
    const { picture } = await bench.ask<AttributionPicture>('attribution', query)
    for (const { party, at } of picture.outcomes.slice(0, 5)) {
      const opened = await bench.ask<AttributionPicture>('attribution', { ...query, party, at })
      const touches = opened.picture.opened?.touches ?? []
      for (const m of picture.methods.keys()) {
        const sum = touches.reduce((all, { credits }) => all + (credits[m] ?? 0), 0)
        expect(sum).toBe(touches.length === 0 ? 0 : 1_000_000)
      }
    }
    await expect(bench.ask('attribution', { party: crypto.randomUUID() })).rejects.toThrow(/both party and at/) // prettier-ignore
  })

  test('finds that the giveaway only looks good, and that guild and friends work', async () => {
    const query = { ...period, lookback: '365', intervals: 'yes' }
    const of = (picture: AttributionPicture, name: string) => {
      const found = picture.channels.find((one) => one.name === name)
      const credit = new Map(found?.credits.map((one) => [one.method, one]))
      return { rate: found?.rate ?? { value: 0, low: 0, high: 1 }, credit }
    }
    const signUps = await bench.ask<AttributionPicture>('attribution', { ...query, outcome: 'subscribed' }) // prettier-ignore
    const praised = of(signUps.picture, 'Paid social · monstera-giveaway')
    const small = of(signUps.picture, 'Affiliates · member-letter')
    expect(praised.rate.value).toBeGreaterThan(0.6)
    for (const method of ['first', 'last'] as const) {
      const credit = praised.credit.get(method)?.outcomes ?? 0
      expect(credit).toBeGreaterThan(2 * (small.credit.get(method)?.outcomes ?? 0))
      expect(credit).toBeGreaterThan(0.12 * signUps.picture.totals.outcomes)
    }
    const { picture } = await bench.ask<AttributionPicture>('attribution', { ...query, outcome: 'subscription_started' }) // prettier-ignore
    const giveaway = of(picture, 'Paid social · monstera-giveaway')
    const guild = of(picture, 'Affiliates · member-letter')
    const friends = of(picture, 'Referral · bring-a-grower')
    expect(giveaway.rate.high).toBeLessThan(Math.min(guild.rate.low, friends.rate.low))
    for (const method of ['first', 'linear', 'markov_2', 'shapley'] as const) {
      const outcomes = (one: typeof giveaway): number => one.credit.get(method)?.outcomes ?? 0
      expect(outcomes(giveaway)).toBeLessThan(0.05 * picture.totals.outcomes)
      expect(outcomes(guild)).toBeGreaterThan(2 * outcomes(giveaway))
      const { low, high } = guild.credit.get(method) ?? {}
      expect(low).toBeLessThanOrEqual(outcomes(guild))
      expect(high).toBeGreaterThanOrEqual(outcomes(guild))
    }
  })
})
