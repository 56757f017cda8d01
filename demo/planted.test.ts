/** What was planted is really there, computed from the events alone; the truth only names the labels. */
import { describe, expect, it } from 'vitest'
import { demoDefaults, simulateDemo } from './generate.ts'
import type { SegmentEvent } from './segment-event.ts'

const now = Date.UTC(2026, 10, 23, 12)
const { events, truth } = simulateDemo({ ...demoDefaults, now })

/** Events by true person, and the person of each device and user. */
const people = new Map(
  truth.people.map((person) => [person.id, { person, events: [] as SegmentEvent[] }]),
)
const owner = new Map<string, string>()
for (const { id, userId, anonymousIds } of truth.people) {
  for (const device of anonymousIds) owner.set(device, id)
  if (userId) owner.set(userId, id)
}
for (const event of events) {
  const id = owner.get(event.userId ?? '') ?? owner.get(event.anonymousId ?? '')
  if (id) people.get(id)?.events.push(event)
}
const all = [...people.values()]

const has = (list: readonly SegmentEvent[], name: string): boolean =>
  list.some(({ event }) => event === name)
const share = <T>(list: readonly T[], test: (item: T) => boolean): number =>
  list.filter(test).length / Math.max(1, list.length)
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

describe('what is planted in the demo', () => {
  it('has one channel that only looks good', () => {
    const of = (channel: string) =>
      all.filter(({ person }) => person.channel === channel && person.account === null)
    const others = all.filter(
      ({ person }) => person.channel !== 'giveaway' && person.account === null,
    )
    const firstMonthVisits = (group: typeof all): number =>
      mean(
        group.map(({ person, events: list }) => {
          const end = new Date(Date.parse(person.arrivedAt) + 30 * 86_400_000).toISOString()
          return list.filter(({ type, timestamp }) => type === 'page' && timestamp < end).length
        }),
      )
    const giveaway = of('giveaway')
    // It looks good: more visits and far more addresses ...
    expect(firstMonthVisits(giveaway)).toBeGreaterThan(1.2 * firstMonthVisits(others))
    const known = (group: typeof all): number =>
      share(group, ({ person }) => person.userId !== null)
    expect(known(giveaway)).toBeGreaterThan(1.2 * known(others))
    // ... and brings no customers, while the small guild does.
    const pays = (group: typeof all): number =>
      share(group, (one) => has(one.events, 'Subscription Started'))
    expect(pays(giveaway)).toBeLessThan(0.02)
    expect(pays(of('guild'))).toBeGreaterThan(1.6 * pays(others))
  })

  it('has one series that moves people on and one that is only liked', () => {
    const readers = all.flatMap(({ person, events: list }) => {
      if (person.channel === 'giveaway' || person.channel === 'referral') return []
      const trialAt = list.find(({ event }) => event === 'Trial Started')?.timestamp ?? '9999-01-01'
      const read = list.filter(
        ({ properties, timestamp }) => properties?.['series'] !== undefined && timestamp < trialAt,
      )
      // The same number of pieces for everybody, so that only the choice differs.
      const first = read.slice(0, 4)
      const last = first[3]
      if (!last) return []
      const within = Date.parse(trialAt) - Date.parse(last.timestamp) < 60 * 86_400_000
      const count = (name: string) =>
        first.filter(({ properties }) => properties?.['series'] === name).length
      return [
        { taught: count('The Living Stock'), liked: count('Plant of the Week'), began: within },
      ]
    })
    expect(readers.length).toBeGreaterThan(300)
    /** Difference of two shares in standard errors. */
    const advantage = (isIn: (one: (typeof readers)[number]) => boolean): number => {
      const inside = readers.filter(isIn)
      const outside = readers.filter((one) => !isIn(one))
      const [p, q] = [share(inside, (one) => one.began), share(outside, (one) => one.began)]
      return (p - q) / Math.sqrt((p * (1 - p)) / inside.length + (q * (1 - q)) / outside.length)
    }
    expect(advantage((one) => one.taught >= 2)).toBeGreaterThan(3)
    expect(advantage((one) => one.liked >= 2)).toBeLessThan(1)
  })

  it('has a broken promise that cost trust, and a recovery that brought some of it back', () => {
    const broken = all.filter(({ events: list }) => has(list, 'Promise Broken'))
    const repaired = broken.filter(({ events: list }) => has(list, 'Recovery Completed'))
    expect(broken.length).toBe(truth.people.filter((person) => person.affectedByIncident).length)
    expect(broken.length).toBeGreaterThan(80)
    expect(repaired.length / broken.length).toBeGreaterThan(0.45)
    expect(repaired.length / broken.length).toBeLessThan(0.75)
    const month = (Date.parse(truth.incident.at) - Date.parse(truth.start)) / (30.4375 * 86_400_000)
    expect(Math.ceil(month)).toBe(13)

    const score = (group: typeof all, from: string, to: string): number =>
      mean(
        group.flatMap(({ events: list }) =>
          list
            .filter(({ timestamp }) => timestamp >= from && timestamp < to)
            .filter(({ properties }) => properties?.['survey'] === 'nps')
            .map(({ properties }) => Number(properties?.['score'])),
        ),
      )
    const before = score(broken, truth.start, truth.incident.at)
    const unrepaired = broken.filter((one) => !repaired.includes(one))
    const after = score(unrepaired, truth.incident.at, truth.now)
    const healed = score(
      repaired,
      new Date(Date.parse(truth.incident.at) + 60 * 86_400_000).toISOString(),
      truth.now,
    )
    expect(after).toBeLessThan(before - 1)
    expect(healed).toBeGreaterThan(after + 1)
    const left = (group: typeof all): number =>
      share(group, ({ events: list }) =>
        list.some(
          ({ event, timestamp }) =>
            event === 'Subscription Cancelled' && timestamp > truth.incident.at,
        ),
      )
    expect(left(unrepaired)).toBeGreaterThan(left(repaired))
  })

  it('has advocates who bring others', () => {
    expect(truth.referrals.length).toBeGreaterThan(60)
    for (const { from, to } of truth.referrals) {
      expect(people.get(from)?.events.some(({ event }) => event === 'Referral Made')).toBe(true)
      expect(people.get(to)?.person.referredBy).toBe(from)
    }
    const arrived = truth.referrals.filter(({ from, to }) => {
      const landing = people.get(to)?.events.find(({ type }) => type === 'page')
      return JSON.stringify(landing?.context ?? '').includes(`ref=hollow-${from}`)
    })
    expect(arrived.length / truth.referrals.length).toBeGreaterThan(0.95)
    const thanked = all.filter(({ events: list }) => has(list, 'Referral Converted'))
    expect(thanked.length).toBeGreaterThan(20)
    // Not only customers recommend.
    const voices = all.filter(
      ({ person, events: list }) => person.customerFrom === null && has(list, 'Referral Made'),
    )
    expect(voices.length).toBeGreaterThan(10)
  })

  it('has seasons, churn and words of every mood', () => {
    const uses = all.flatMap(({ events: list }) =>
      list.filter(({ event }) => event === 'Feature Used'),
    )
    const inMonth = (month: number): number =>
      uses.filter(({ timestamp }) => timestamp.startsWith(`2026-${String(month).padStart(2, '0')}`))
        .length
    expect(inMonth(4)).toBeGreaterThan(inMonth(2))
    expect(inMonth(4)).toBeGreaterThan(inMonth(7))
    const cancelled = all.filter(({ events: list }) => has(list, 'Subscription Cancelled')).length
    const started = all.filter(({ events: list }) => has(list, 'Subscription Started')).length
    expect(cancelled / started).toBeGreaterThan(0.05)
    expect(cancelled / started).toBeLessThan(0.5)
    const ratings = all.flatMap(({ events: list }) =>
      list
        .filter(({ event }) => event === 'Review Submitted')
        .map(({ properties }) => Number(properties?.['rating'])),
    )
    expect(new Set(ratings)).toEqual(new Set([1, 3, 4, 5]))
  })
})
