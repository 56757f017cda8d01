import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { nameOfIdentifiers, nameOfTraits } from './display-name.ts'
import { factsOf } from './facts.ts'
import {
  anyKioskSighting, anySighting, batchesOf, expectedParts, partiesIn, partsOf, takeIn, touchpointOf,
} from './testing.ts' // prettier-ignore
import { traitsOfParties } from './traits.ts'
import type { IncomingTouchpoint, Json } from '../domain/touchpoint.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 6 })
})
afterAll(() => truth.close())

const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })
const sightings = fc.oneof(
  { weight: 4, arbitrary: fc.array(anySighting, { maxLength: 50, size: 'max' }) },
  { weight: 1, arbitrary: fc.array(anyKioskSighting, { maxLength: 90, size: 'max' }) },
)

/** Names what the facts say, in a way that shares no code with the store. */
function expectedNames(touchpoints: readonly IncomingTouchpoint[]): Map<string, string> {
  const { subjects, traits } = factsOf(touchpoints)
  const names = new Map<string, string>()
  for (const part of expectedParts(touchpoints)) {
    const told = [...traits.values()]
      .filter(({ subjectId }) => part.includes(subjectId))
      .sort((x, y) => x.at - y.at || (x.touchpointId < y.touchpointId ? -1 : 1))
    const known: Record<string, Json> = {}
    for (const { key, value } of told) known[key] = value
    const identifiers = part
      .flatMap((subject) => subjects.get(subject) ?? [])
      .sort((x, y) => x.firstSeenAt - y.firstSeenAt || (x.subjectId < y.subjectId ? -1 : 1))
      .map(({ identifier }) => identifier)
    const name = nameOfTraits(known) ?? nameOfIdentifiers(identifiers)
    for (const subject of part) names.set(subject, name)
  }
  return names
}

async function checkStore(touchpoints: readonly IncomingTouchpoint[]): Promise<void> {
  const { subjects } = factsOf(touchpoints)
  const partyOf = await partiesIn(truth.db, subjects.keys())
  expect(partsOf(partyOf)).toEqual(expectedParts(touchpoints))
  const { rows } = await sql<{ id: string; name: string; kind: string; into: string | null }>`
    select id, display_name as name, kind, merged_into as into from party
    where id = any(${[...partyOf.values()]}::uuid[])`.execute(truth.db)
  expect(rows).toHaveLength(new Set(partyOf.values()).size)
  expect(rows.filter(({ into, kind }) => into !== null || kind !== 'person')).toEqual([])
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]))
  const names = expectedNames(touchpoints)
  for (const [subject, party] of partyOf) expect(nameOf.get(party)).toBe(names.get(subject))
}

describe('resolving', () => {
  test('any order, split and repetition gives the partition and the names that the facts say', async () => {
    const deliveries = sightings.chain((list) =>
      fc.tuple(
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.subarray(list, { maxLength: Math.min(5, list.length) }),
        cuts,
      ),
    )
    await fc.assert(
      fc.asyncProperty(deliveries, async ([list, again, sizes]) => {
        const realm = randomUUID()
        const touchpoints = [...list, ...again].map((sighting) => touchpointOf(sighting, realm))
        for (const batch of batchesOf(touchpoints, sizes)) {
          const { partyOf } = await takeIn(truth.db, batch)
          const inStore = await partiesIn(truth.db, factsOf(batch).subjects.keys())
          for (const [subject, party] of inStore) expect(partyOf.get(subject)).toBe(party)
        }
        await checkStore(touchpoints)
      }),
      { numRuns: 60, interruptAfterTimeLimit: 40_000 },
    )
  }, 60_000)

  test('two workers at once come to the same', async () => {
    await fc.assert(
      fc.asyncProperty(sightings, sightings, cuts, async (one, other, sizes) => {
        const realm = randomUUID()
        const all = [one, other].map((list) =>
          list.map((sighting) => touchpointOf(sighting, realm)),
        )
        const work = async (touchpoints: readonly IncomingTouchpoint[]): Promise<void> => {
          for (const batch of batchesOf(touchpoints, sizes)) await takeIn(truth.db, batch)
        }
        await Promise.all(all.map(work))
        await checkStore(all.flat())
      }),
      { numRuns: 40, interruptAfterTimeLimit: 40_000 },
    )
  }, 60_000)

  test('what is gone leads on to a party that lives', async () => {
    const { rows } = await sql<{ gone: number; lost: number }>`
      with recursive chain as (
        select id as start, id, merged_into, 0 as length from party where merged_into is not null
        union all
        select c.start, p.id, p.merged_into, c.length + 1
        from chain c join party p on p.id = c.merged_into where c.length < 100)
      select count(distinct start)::int as gone,
        count(distinct start) filter (where not exists (select 1 from chain e join identifier i
          on i.party_id = e.id where e.start = chain.start and e.merged_into is null))::int as lost
      from chain`.execute(truth.db)
    expect(rows[0]?.gone).toBeGreaterThan(20)
    expect(rows[0]?.lost).toBe(0)
  })
})

describe('a new membership', () => {
  test('waits for the exclusive lock, and regroups the account', async () => {
    const realm = randomUUID()
    const known = touchpointOf({ identifiers: ['user_id:1'], ago: 9 }, realm)
    await takeIn(truth.db, [known])
    const group = touchpointOf({ identifiers: ['user_id:1'], ago: 5, account: 'acme' }, realm)
    const { partyOf, regrouped } = await takeIn(truth.db, [group])
    const [account] = [...regrouped]
    expect([...regrouped]).toEqual([account])
    expect([...partyOf.values()].sort()).toEqual([account, partyOf.get(group.subjectId)].sort())
    const again = touchpointOf({ identifiers: ['user_id:1'], ago: 4, account: 'acme' }, realm)
    expect((await takeIn(truth.db, [again])).regrouped.size).toBe(0)
    const { rows } = await sql<{ kind: string; name: string }>`
      select kind, display_name as name from party where id = ${account}::uuid`.execute(truth.db)
    expect(rows).toEqual([{ kind: 'account', name: `acme${realm}` }])
  })
})

describe('traits', () => {
  test('the last writer wins in any order and over all identifiers of a party', async () => {
    const list = fc
      .array(anySighting, { minLength: 1, maxLength: 30, size: 'max' })
      .chain((all) => fc.tuple(fc.shuffledSubarray(all, { minLength: all.length }), cuts))
    await fc.assert(
      fc.asyncProperty(list, async ([all, sizes]) => {
        const realm = randomUUID()
        const touchpoints = all.map((sighting) => touchpointOf(sighting, realm))
        for (const batch of batchesOf(touchpoints, sizes)) await takeIn(truth.db, batch)
        const subjects = factsOf(touchpoints).subjects
        const partyOf = await partiesIn(truth.db, subjects.keys())
        const found = await traitsOfParties(truth.db, [...new Set(partyOf.values())])
        const expected = new Map<string, Record<string, Json>>()
        const inOrder = touchpoints.toSorted(
          (x, y) => x.occurredAt - y.occurredAt || (x.id < y.id ? -1 : 1),
        )
        for (const { subjectId, traits } of inOrder) {
          const party = partyOf.get(subjectId) ?? ''
          for (const [key, value] of Object.entries(traits ?? {})) {
            expected.set(party, { ...expected.get(party), [key]: value })
          }
        }
        expect(new Map([...found].map(([id, some]) => [id, { ...some }]))).toEqual(expected)
      }),
      { numRuns: 30, interruptAfterTimeLimit: 20_000 },
    )
  }, 40_000)
})

describe('names', () => {
  test.each([
    [{ name: ' Ada ' }, 'Ada'],
    [{ firstName: 'Ada', last_name: 'Lovelace', email: 'a@x.org' }, 'Ada Lovelace'],
    [{ name: '', username: 'ada' }, 'ada'],
    [{ name: 7, email: 'a@x.org' }, 'a@x.org'],
    [{ name: '😀'.repeat(200) }, '😀'.repeat(120)],
    [{ city: 'Bath' }, null],
  ])('of traits %j: %s', (given, name) => expect(nameOfTraits(given)).toBe(name))

  test.each([
    [['anonymous_id:3f2a-99'], 'Visitor 3f2a99'],
    [['phone:+491701234567', 'anonymous_id:x'], 'Caller 234567'],
    [['user_id:7', 'email:a@x.org'], 'a@x.org'],
    [['stripe_id:cus_1'], 'Contact cus1'],
  ])('of identifiers %j: %s', (given, name) =>
    expect(nameOfIdentifiers(touchpointOf({ identifiers: given, ago: 0 }).identifiers)).toBe(name),
  )
})
