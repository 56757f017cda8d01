import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isRejected, normaliseEvent } from '../src/collect/normalise-event.ts'
import { demoDefaults, generateDemo, simulateDemo } from './generate.ts'
import type { SegmentEvent } from './segment-event.ts'

const now = Date.UTC(2026, 10, 23, 12)
const { events, truth } = simulateDemo({ ...demoDefaults, now })
const list = [...events]

const digest = (all: Iterable<SegmentEvent>): string => {
  const hash = createHash('sha256')
  for (const event of all) hash.update(JSON.stringify(event))
  return hash.digest('hex')
}

describe('the demo company', () => {
  it('is the same for the same seed, and another for another', () => {
    const small = { people: 120, months: 6, now }
    const first = digest(generateDemo({ ...small, seed: 'x' }))
    expect(digest(generateDemo({ ...small, seed: 'x' }))).toBe(first)
    expect(digest(generateDemo({ ...small, seed: 'y' }))).not.toBe(first)
  })

  it('has the people, firms and number of events that it says', () => {
    expect(truth.people).toHaveLength(2_000)
    const sizes = new Map<string, number>()
    for (const { account } of truth.people) {
      if (account) sizes.set(account, (sizes.get(account) ?? 0) + 1)
    }
    expect(sizes.size).toBe(150)
    for (const size of sizes.values()) expect(size).toBeGreaterThanOrEqual(2)
    for (const size of sizes.values()) expect(size).toBeLessThanOrEqual(8)
    expect(list.length).toBeGreaterThan(90_000)
    expect(list.length).toBeLessThan(150_000)
  })

  it('comes in the order of time, within its eighteen months, each message once', () => {
    const ids = new Set<string>()
    let before = ''
    for (const { timestamp, messageId } of list) {
      expect(timestamp >= before).toBe(true)
      before = timestamp
      ids.add(messageId)
    }
    expect(ids.size).toBe(list.length)
    expect(before <= new Date(now).toISOString()).toBe(true)
    const earliest = Date.parse(list[0]?.timestamp ?? '')
    expect(earliest).toBeGreaterThan(Date.parse(truth.start) - 2 * 86_400_000)
  })

  it('has the same people with the same message ids when it is shown on another day', () => {
    const options = { seed: 1, people: 60, months: 6 }
    const today = [...generateDemo({ ...options, now })]
    const later = simulateDemo({ ...options, now: now + 5 * 86_400_000 })
    const names = (people: typeof truth.people): string[] =>
      people.map(({ id, name }) => `${id} ${name}`).sort()
    expect(names(later.truth.people)).toEqual(names(simulateDemo({ ...options, now }).truth.people))
    const ids = new Set(today.map(({ messageId }) => messageId))
    const known = [...later.events].filter(({ messageId }) => ids.has(messageId)).length
    expect(known / today.length).toBeGreaterThan(0.7)
  })

  it('is understood by the collector: nothing refused, nothing unknown, robots seen as such', () => {
    const circumstances = {
      sourceId: 'demo',
      receivedAt: now,
      makeMessageId: () => 'none',
    }
    const unknown = new Set<string>()
    for (const event of list) {
      const touchpoint = normaliseEvent(event, circumstances)
      if (isRejected(touchpoint)) throw new Error(`${touchpoint.code}: ${JSON.stringify(event)}`)
      if (touchpoint.kind === 'custom') unknown.add(touchpoint.event)
      const isRobot = event.anonymousId?.startsWith('robot-') ?? false
      if (touchpoint.bot !== isRobot) throw new Error(`robot or not: ${JSON.stringify(event)}`)
    }
    expect([...unknown]).toEqual([])
  })

  it('has every kind of trouble with identity', () => {
    const byDevice = new Map<string, Set<string>>()
    const firstSeen = new Map<string, string>()
    const anonymousFirst = new Set<string>()
    for (const { anonymousId, userId, timestamp } of list) {
      if (!anonymousId) continue
      if (!firstSeen.has(anonymousId)) firstSeen.set(anonymousId, timestamp)
      if (!userId) continue
      const users = byDevice.get(anonymousId) ?? new Set()
      byDevice.set(anonymousId, users.add(userId))
      if ((firstSeen.get(anonymousId) ?? '') < timestamp) anonymousFirst.add(userId)
    }
    // A shared till: many people on one browser, nobody else on two users' browsers.
    expect(byDevice.get(truth.kiosk.anonymousId)?.size).toBe(truth.kiosk.people.length)
    expect(truth.kiosk.people.length).toBeGreaterThanOrEqual(10)
    const shared = [...byDevice].filter(([, users]) => users.size > 1).map(([device]) => device)
    expect(shared).toEqual([truth.kiosk.anonymousId])
    // Most are anonymous first and recognised later; some come back on a second device.
    expect(anonymousFirst.size).toBeGreaterThan(600)
    const secondDevices = truth.people.filter(({ anonymousIds }) => anonymousIds.length > 1)
    expect(secondDevices.length).toBeGreaterThan(100)
    const forever = truth.people.filter(({ userId }) => userId === null)
    expect(forever.length).toBeGreaterThan(400)
  })
})
