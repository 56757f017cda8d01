/** What every client is asked to send, and what the reading API must then tell. */
import { expect } from 'vitest'
import type { ReadParty, WholeServer } from '../whole-server.ts'

export const traits = (userId: string) => ({ name: 'Ada Byron', email: `${userId}@example.com` })
export const order = { order_id: '1001', total: 49.5, currency: 'EUR' }
export const company = { name: 'Analytical Engines' }

/** By the kind of touchpoint that each call becomes. */
const calls = {
  identified: { type: 'identify' },
  purchase: { type: 'track', event: 'Order Completed', amountMinor: 4950, currency: 'EUR' },
  page_viewed: { type: 'page', event: 'Home' },
  screen_viewed: { type: 'screen', event: 'Start' },
  grouped: { type: 'group' },
  aliased: { type: 'alias' },
}
export type CallKind = keyof typeof calls

/** Exactly these touchpoints, each once, happened between `from` and now by the server's clock. */
export async function expectEverything(
  server: WholeServer,
  userId: string,
  expected: { kinds: readonly CallKind[]; from: number; anonymousId?: string },
): Promise<ReadParty> {
  const party = await server.readParty(`user_id:${userId}`)
  if (party === null) throw new Error(`Nobody is known as ${userId}.`)
  expect(party.displayName).toBe('Ada Byron')
  expect(party.traits).toMatchObject(traits(userId))
  expect(party.accounts).toMatchObject([{ displayName: company.name }])
  const names = party.identifiers.map(({ namespace, value }) => `${namespace}:${value}`)
  expect(names).toEqual(
    expect.arrayContaining([`user_id:${userId}`, `email:${userId}@example.com`]),
  )
  if (expected.anonymousId) expect(names).toContain(`anonymous_id:${expected.anonymousId}`)
  const told = party.touchpoints.map(({ kind }) => kind)
  expect(told.toSorted()).toEqual([...expected.kinds].toSorted())
  for (const touchpoint of party.touchpoints) {
    expect(touchpoint).toMatchObject(calls[touchpoint.kind as CallKind])
    expect(touchpoint.bot).toBe(false)
    // A second for the difference between two readings of a clock, in another process and in ours.
    expect(Date.parse(touchpoint.occurredAt)).toBeGreaterThan(expected.from - 1_000)
    expect(Date.parse(touchpoint.occurredAt)).toBeLessThan(Date.now() + 1_000)
  }
  expect(party.touchpointCount).toBe(expected.kinds.length)
  return party
}
