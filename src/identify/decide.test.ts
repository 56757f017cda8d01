import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { RapportError } from '../domain/error.ts'
import { anySighting, partiesIn, partsOf, type Sighting } from './testing.ts'
import { Realm } from './testing-realm.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase()
})
afterAll(() => truth.close())

const seen = (ago: number, ...identifiers: string[]): Sighting => ({ identifiers, ago })

async function twoPeople(): Promise<Realm> {
  const realm = new Realm(truth.db)
  await realm.see(seen(9, 'user_id:1', 'email:a'), seen(8, 'user_id:2', 'email:b'))
  return realm
}

const lastDecision = async (realm: Realm): Promise<string> =>
  (await realm.decisions()).at(-1)?.id ?? ''

describe('a merge by hand', () => {
  test('joins, and its undo gives every identifier its old party back', async () => {
    const realm = await twoPeople()
    const before = await realm.parties()
    const [one, two] = [await realm.party('user_id:1'), await realm.party('user_id:2')]
    const outcome = await realm.merge(one, two)
    expect([...outcome.merged]).toEqual([[two, one]])
    expect(new Set((await realm.parties()).values())).toEqual(new Set([one]))
    const undone = await realm.undo(await lastDecision(realm))
    expect(undone.rebuilt).toEqual(new Set([one, two]))
    expect(await realm.parties()).toEqual(before)
  })

  test('is taken back without what came in meanwhile getting lost or mixed', async () => {
    const realm = await twoPeople()
    const [one, two] = [await realm.party('user_id:1'), await realm.party('user_id:2')]
    await realm.merge(one, two)
    await realm.see(seen(3, 'user_id:2', 'phone:7'), seen(2, 'email:b', 'anonymous_id:x'))
    await realm.undo(await lastDecision(realm))
    expect(await realm.party('phone:7')).toBe(two)
    expect(await realm.party('anonymous_id:x')).toBe(two)
    // The party in which it was born is somebody else's now: a split may not go back there.
    await realm.split(two, [realm.subject('anonymous_id:x')])
    expect(await realm.party('anonymous_id:x')).not.toBe(one)
    expect(partsOf(await realm.parties())).toEqual(await realm.expected())
  })

  test('joins again what a split separated', async () => {
    const realm = new Realm(truth.db)
    await realm.see(seen(9, 'email:a', 'anonymous_id:a'), seen(8, 'email:b', 'anonymous_id:b'))
    await realm.see(seen(7, 'email:a', 'email:b'))
    const party = await realm.party('email:a')
    await realm.split(party, [realm.subject('email:b'), realm.subject('anonymous_id:b')])
    expect(new Set((await realm.parties()).values()).size).toBe(2)
    await realm.merge(party, await realm.party('email:b'))
    expect(new Set((await realm.parties()).values()).size).toBe(1)
    await realm.undo(await lastDecision(realm))
    expect(new Set((await realm.parties()).values()).size).toBe(2)
  })

  test('of accounts is regrouped, not merged', async () => {
    const realm = new Realm(truth.db)
    await realm.see(
      { ...seen(9, 'user_id:1'), account: 'a' },
      { ...seen(8, 'user_id:2'), account: 'b' },
    )
    const [a, b] = [await realm.party('account:a'), await realm.party('account:b')]
    const { merged, regrouped } = await realm.merge(a, b)
    expect([...merged.values()]).toEqual([...regrouped])
    expect([a, b]).toEqual(expect.arrayContaining([...regrouped]))
    const undone = await realm.undo(await lastDecision(realm))
    expect(undone.regrouped).toEqual(new Set([a, b]))
  })
})

describe('a split by hand', () => {
  test('parts for good, whatever is seen later, until it is taken back', async () => {
    const realm = new Realm(truth.db)
    await realm.see(seen(9, 'user_id:1', 'email:a'), seen(8, 'user_id:1', 'anonymous_id:x'))
    const before = await realm.parties()
    const party = await realm.party('user_id:1')
    const outcome = await realm.split(party, [realm.subject('anonymous_id:x')])
    const own = await realm.party('anonymous_id:x')
    expect(own).not.toBe(party)
    expect(outcome.rebuilt).toEqual(new Set([party, own]))
    await realm.see(seen(1, 'user_id:1', 'anonymous_id:x'), seen(0, 'email:a', 'anonymous_id:x'))
    expect(await realm.party('anonymous_id:x')).toBe(own)
    await realm.undo(await lastDecision(realm))
    expect(await realm.parties()).toEqual(before)
  })

  test('parts also what was merged by hand', async () => {
    const realm = await twoPeople()
    const [one, two] = [await realm.party('user_id:1'), await realm.party('user_id:2')]
    await realm.merge(one, two)
    await realm.split(one, [realm.subject('user_id:2'), realm.subject('email:b')])
    expect(await realm.party('email:b')).toBe(await realm.party('user_id:2'))
    expect(await realm.party('user_id:2')).not.toBe(one)
  })
})

describe('what cannot be decided', () => {
  const codeOf = (act: Promise<unknown>): Promise<unknown> =>
    act.catch((error: unknown) => (error instanceof RapportError ? error.code : error))

  test('is said', async () => {
    const realm = await twoPeople()
    await realm.see({ ...seen(5, 'user_id:1'), account: 'acme' })
    const [one, two] = [await realm.party('user_id:1'), await realm.party('user_id:2')]
    const account = await realm.party('account:acme')
    expect(await codeOf(realm.merge(one, randomUUID()))).toBe('not_found')
    expect(await codeOf(realm.merge(one, one))).toBe('conflict')
    expect(await codeOf(realm.merge(one, account))).toBe('conflict')
    expect(await codeOf(realm.split(one, [realm.subject('user_id:2')]))).toBe('not_found')
    expect(await codeOf(realm.split(one, []))).toBe('conflict')
    const all = [realm.subject('user_id:1'), realm.subject('email:a')]
    expect(await codeOf(realm.split(one, all))).toBe('conflict')
    expect(await codeOf(realm.undo('999999999'))).toBe('not_found')
    await realm.merge(one, two)
    const id = await lastDecision(realm)
    await realm.undo(id)
    expect(await codeOf(realm.undo(id))).toBe('conflict')
  })
})

/** Numbers choose among what there is when a step is reached. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('see' as const), sighting: anySighting }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('merge' as const, 'split' as const, 'undo' as const),
      one: fc.nat(),
      other: fc.nat(),
    }),
  },
)

test('after any sequence the store holds what facts and decisions say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
      async (steps) => {
        const realm = new Realm(truth.db)
        for (const chosen of steps) {
          if (chosen.do === 'see') await realm.see(chosen.sighting)
          else await decide(realm, chosen)
          expect(partsOf(await realm.parties())).toEqual(await realm.expected())
        }
      },
    ),
    { numRuns: 40, interruptAfterTimeLimit: 40_000 },
  )
}, 60_000)

interface Choice {
  readonly do: 'merge' | 'split' | 'undo'
  readonly one: number
  readonly other: number
}

async function decide(realm: Realm, choice: Choice): Promise<void> {
  const parties = await realm.parties()
  const ids = [...new Set(parties.values())].sort()
  const one = ids[choice.one % ids.length]
  const other = ids[choice.other % ids.length]
  const membersOf = (id: string): string[] =>
    [...parties].flatMap(([subject, party]) => (party === id ? subject : []))
  const homesOf = async (subjects: readonly string[]): Promise<number> =>
    new Set((await partiesIn(truth.db, subjects)).values()).size
  if (choice.do === 'merge' && one && other && one !== other) {
    await realm.merge(one, other)
    expect(await homesOf([...membersOf(one), ...membersOf(other)])).toBe(1)
  }
  if (choice.do === 'split' && one && membersOf(one).length > 1) {
    const own = membersOf(one)
    const out = own.slice(0, 1 + (choice.other % (own.length - 1)))
    await realm.split(one, out)
    expect(await homesOf(out)).toBe(1)
    expect(await homesOf(own.slice(out.length))).toBe(1)
    expect(await homesOf(own)).toBe(2)
  }
  if (choice.do === 'undo') {
    const decisions = await realm.decisions()
    const taken = decisions[choice.one % decisions.length]
    if (taken) await realm.undo(taken.id)
  }
  // What was decided last is taken back at once: everything is as it was.
  if (choice.do !== 'undo' && choice.other % 4 === 0) {
    const decided = (await realm.decisions()).at(-1)
    if (!decided || partsOf(await realm.parties()).join() === partsOf(parties).join()) return
    await realm.undo(decided.id)
    expect(partsOf(await realm.parties())).toEqual(partsOf(parties))
  }
}
