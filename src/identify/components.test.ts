import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factsOf } from './facts.ts'
import { resolveComponents, sharedFrom } from './components.ts'
import { anyKioskSighting, anySighting, expectedParts, partsOf, touchpointOf } from './testing.ts'
import type { Sighting } from './testing.ts'

const valueOf = new Map<string, string>()
/** Parts as the identifiers' names, for reading. */
function parts(
  sightings: readonly Sighting[],
  byHand?: { joined?: [string, string][]; separated?: [string, string][] },
): string[][] {
  const touchpoints = sightings.map((sighting) => touchpointOf(sighting))
  for (const { identifier, subjectId } of factsOf(touchpoints).subjects.values()) {
    valueOf.set(subjectId, `${identifier.namespace}:${identifier.value}`)
  }
  const subjects = (pairs: [string, string][] = []): [string, string][] =>
    pairs.map(([a, b]) => [subjectOf(a), subjectOf(b)])
  return expectedParts(touchpoints, {
    joined: subjects(byHand?.joined),
    separated: subjects(byHand?.separated),
  })
    .map((part) => part.map((subject) => valueOf.get(subject) ?? '').sort())
    .sort()
}
const subjectOf = (name: string): string => touchpointOf({ identifiers: [name], ago: 0 }).subjectId
const seen = (ago: number, ...identifiers: string[]): Sighting => ({ identifiers, ago })

describe('what belongs together', () => {
  test('identifiers seen together are one party, over any number of steps', () => {
    expect(
      parts([
        seen(1, 'user_id:1', 'email:a'),
        seen(2, 'email:a', 'anonymous_id:x'),
        seen(3, 'phone:7'),
      ]),
    ).toEqual([['anonymous_id:x', 'email:a', 'user_id:1'], ['phone:7']])
  })

  test('two users are never joined: the earlier link keeps the device', () => {
    const two = [seen(5, 'user_id:1', 'anonymous_id:x'), seen(4, 'user_id:2', 'anonymous_id:x')]
    expect(parts(two)).toEqual([['anonymous_id:x', 'user_id:1'], ['user_id:2']])
    expect(parts([seen(6, 'user_id:2', 'anonymous_id:x'), ...two])).toEqual([
      ['anonymous_id:x', 'user_id:2'],
      ['user_id:1'],
    ])
  })

  test.each([
    ['email', 5],
    ['phone', 5],
    ['stripe_id', 5],
    ['anonymous_id', 100],
  ])('a party has as many %s as the limit says', (namespace, limit) => {
    const many = Array.from({ length: limit + 2 }, (_, i) =>
      seen(1000 - i, 'user_id:1', `${namespace}:${i}`),
    )
    const sizes = parts(many).map((part) => part.length)
    expect(sizes.sort((a, b) => b - a)).toEqual([limit + 1, 1, 1])
  })
})

describe('decisions by hand', () => {
  const two = [seen(5, 'user_id:1', 'email:a'), seen(4, 'user_id:2', 'email:b')]

  test('join whatever the limits say', () => {
    expect(parts(two, { joined: [['user_id:1', 'user_id:2']] })).toHaveLength(1)
  })

  test('separate for good, over any path', () => {
    const path = [seen(5, 'email:a', 'anonymous_id:x'), seen(4, 'email:b', 'anonymous_id:x')]
    expect(parts(path)).toHaveLength(1)
    expect(parts(path, { separated: [['email:a', 'email:b']] })).toEqual([
      ['anonymous_id:x', 'email:a'],
      ['email:b'],
    ])
  })
})

describe('a kiosk', () => {
  const users = (count: number): Sighting[] =>
    Array.from({ length: count }, (_, i) => seen(100 - i, `user_id:${i}`, 'anonymous_id:till'))

  test('belongs to its first user until it was seen with too many, then to nobody', () => {
    const size = (count: number): number =>
      parts(users(count)).find((part) => part.includes('anonymous_id:till'))?.length ?? 0
    expect(size(sharedFrom)).toBe(2)
    expect(size(sharedFrom + 1)).toBe(1)
  })

  test('a user is never shared, whatever is linked with it', () => {
    const one = Array.from({ length: 40 }, (_, i) => seen(i, 'user_id:1', `anonymous_id:${i}`))
    expect(parts(one)).toHaveLength(1)
  })
})

test('any order of subjects and links gives the same partition', () => {
  const facts = fc.oneof(
    fc.array(anySighting, { maxLength: 60, size: 'max' }),
    fc.array(anyKioskSighting, { maxLength: 120, size: 'max' }),
  )
  const shuffled = facts.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  )
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      const touchpoints = list.map((sighting) => touchpointOf(sighting))
      const byHand = { joined: [], separated: [] }
      const { links, subjects } = factsOf(other.map((sighting) => touchpointOf(sighting)))
      const { rootOf } = resolveComponents({
        subjects: [...subjects.values()]
          .map(({ subjectId, identifier }) => ({ subjectId, namespace: identifier.namespace }))
          .reverse(),
        links: [...links.values()].reverse(),
        ...byHand,
      })
      expect(partsOf(rootOf)).toEqual(expectedParts(touchpoints))
    }),
    { numRuns: 300 },
  )
})
