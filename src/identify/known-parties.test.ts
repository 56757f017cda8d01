import { describe, expect, test } from 'vitest'
import { KnownParties, type KnownParty } from './known-parties.ts'

const found = (...names: string[]): Map<string, KnownParty> =>
  new Map(names.map((name) => [name, { partyId: `party of ${name}`, firstSeenAt: 0 }]))

describe('what is remembered of identifiers', () => {
  test('holds while the epoch stands still, and not a moment longer', () => {
    const known = new KnownParties()
    known.at('1')
    known.remember('1', found('ann'))
    expect(known.at('1').get('ann')?.partyId).toBe('party of ann')
    expect(known.at('2').has('ann')).toBe(false)
    expect(known.at('1').has('ann')).toBe(false)
  })

  test('is not mixed with what another epoch found', () => {
    const known = new KnownParties()
    known.at('1')
    known.at('2')
    known.remember('1', found('ann'))
    expect(known.at('2').size).toBe(0)
  })

  test('is not taken from who still reads it', () => {
    const known = new KnownParties()
    const before = known.at('1')
    known.remember('1', found('ann'))
    known.at('2')
    expect(before.has('ann')).toBe(true)
  })

  test('is bounded: the oldest goes first', () => {
    const known = new KnownParties(2)
    known.at('1')
    known.remember('1', found('ann', 'ben'))
    known.remember('1', found('cem'))
    expect([...known.at('1').keys()]).toEqual(['ben', 'cem'])
  })
})
