import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cellsOf, personFields } from './person-fields.ts'
import { claimSearch, countOpen, decideSuggestion, openSuggestions, readSearch } from './queries.ts'
import { freshDatabase, type TestTruth } from '../../store/testing.ts'
import { mergeParties, splitParty } from '../decide.ts'
import { previewOf, suggestionPage } from './read-suggestions.ts'
import { searchDuplicates } from './search.ts'
import { seededRandom } from '../../math/random.ts'
import { takeIn, testNow, touchpointOf } from '../testing.ts'
import type { JsonObject } from '../../domain/touchpoint.ts'

let truth: TestTruth
beforeAll(async () => {
  truth = await freshDatabase({ poolSize: 4 })
})
afterAll(() => truth.close())

const first = ['Ada', 'Grace', 'Emmy', 'Sofja', 'Lise', 'Rosalind', 'Hedy', 'Jane', 'Mae', 'Ida']
const last = ['Lovelace', 'Hopper', 'Noether', 'Kowalewska', 'Meitner', 'Franklin', 'Lamarr', 'Rhodes'] // prettier-ignore

/** 80 people, each with an id of a shop. */
const people = first.flatMap((firstName, i) =>
  last.map((lastName, j) => ({
    id: `shop_id:${i}-${j}`,
    traits: {
      ...{ firstName, lastName, phone: `+49 30 ${5_550_000 + 977 * i + 13 * j}` },
      address: { postalCode: `1${i}11${j}`, city: ['Berlin', 'Bonn', 'Kiel'][(i + j) % 3] ?? '' },
    },
  })),
)

async function known(
  id: string,
  traits: JsonObject,
  others: readonly string[] = [],
): Promise<void> {
  await takeIn(truth.db, [touchpointOf({ identifiers: [id, ...others], ago: 5, traits })])
}

beforeEach(async () => {
  await sql`truncate party, identifier, identity_link, identity_decision, trait, merge_suggestion`.execute(
    truth.db,
  )
  await sql`update merge_search set started_at = null, lease_until = null, finished_at = null`.execute(
    truth.db,
  )
  await takeIn(
    truth.db,
    people.map(({ id, traits }) => touchpointOf({ identifiers: [id], ago: 10, traits })),
  )
  // Twelve of them came again through another door, some with a slip.
  for (const [k, { id, traits }] of people.slice(0, 12).entries()) {
    const lastName = k % 3 === 0 ? `${traits.lastName}e` : traits.lastName
    await known(id.replace('shop', 'crm'), {
      ...traits,
      lastName,
      phone: k % 2 === 0 ? '' : traits.phone,
    })
  }
}, 60_000)

const searching = {
  now: () => testNow,
  newId: randomUUID,
  get db() {
    return truth.db
  },
  signal: new AbortController().signal,
}
const pageNow = (limit = 50, cursor?: string) =>
  suggestionPage(truth.db, { limit, cursor, leastProbability: 0.5 }, testNow)
const decision = { by: 'Grace', reason: '', newId: randomUUID }

describe('suggesting', () => {
  test('finds who came twice, with reasons, and nobody else', async () => {
    expect(await searchDuplicates(searching)).toBe(true)
    const { suggestions, open, search } = await pageNow()
    expect({ open, people: search.people, found: search.found }).toEqual({
      open: 12,
      people: 92,
      found: 12,
    })
    expect(search).toMatchObject({
      running: false,
      message: null,
      finishedAt: new Date(testNow).toISOString(),
    })
    for (const { one, other, reasons, probability, bothKnown } of suggestions) {
      expect(one.displayName.slice(0, -1)).toContain(other.displayName.slice(0, 5))
      expect(probability).toBeGreaterThan(0.5)
      expect(bothKnown).toBe(false)
      expect(reasons.find(({ field }) => field === 'name')).toMatchObject({
        level: one.displayName === other.displayName ? 'same' : 'similar',
        ...{ one: one.displayName, other: other.displayName },
      })
    }
    const weights = suggestions.map(({ weight }) => weight)
    expect(weights).toEqual(weights.toSorted((a, b) => b - a))
  })

  test('pages without gaps', async () => {
    await searchDuplicates(searching)
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await pageNow(5, cursor)
      ids.push(...page.suggestions.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(new Set(ids).size).toBe(12)
    await expect(pageNow(5, 'made up')).rejects.toThrow('cursor')
  })

  test('keeps decisions, and takes away who is merged or was parted by hand', async () => {
    await searchDuplicates(searching)
    const { suggestions } = await pageNow()
    const [dismissed, merged, parted] = suggestions
    if (!dismissed || !merged || !parted) throw new Error('too few')
    await decideSuggestion(truth.db, dismissed.id, {
      state: 'dismissed',
      by: 'Grace',
      now: testNow,
    })
    const again = decideSuggestion(truth.db, dismissed.id, {
      state: 'accepted',
      by: 'Emmy',
      now: testNow,
    })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
    await mergeParties(truth.db, [merged.one.id, merged.other.id], decision)
    expect(await countOpen(truth.db)).toBe(10)
    const joined = await mergeParties(truth.db, [parted.one.id, parted.other.id], decision)
    const party = [...joined.partyOf.values()][0] ?? ''
    const { rows } = await sql<{ id: string }>`
      select subject_id as id from identifier where party_id = ${party}::uuid`.execute(truth.db)
    await splitParty(truth.db, party, [rows[0]?.id ?? ''], decision)
    await searchDuplicates(searching)
    const left = await pageNow()
    expect(left.suggestions.map(({ one }) => one.displayName).toSorted()).toEqual(
      suggestions
        .slice(3)
        .map(({ one }) => one.displayName)
        .toSorted(),
    )
  })

  test('says where two known users would be joined', async () => {
    const traits = people[20]?.traits ?? {}
    await known('user_id:7', traits)
    await known('user_id:8', traits)
    await searchDuplicates(searching)
    const { suggestions } = await pageNow()
    expect(suggestions.filter(({ bothKnown }) => bothKnown)).toHaveLength(1)
  })

  test('shows what one would look like, and changes nothing', async () => {
    await searchDuplicates(searching)
    const rows = await openSuggestions(truth.db, { leastProbability: 0, limit: 50 })
    const slip = rows.find(({ oneName, otherName }) => oneName !== otherName)
    const preview = await previewOf(truth.db, slip?.id ?? '')
    expect(preview.identifiers.map(({ of }) => of).toSorted()).toEqual(['one', 'other'])
    const lastName = preview.traits.find(({ key }) => key === 'lastName')
    expect(lastName?.value).toBe(`${lastName?.instead ?? ''}e`)
    expect(preview.displayName).toContain(lastName?.value)
    expect(preview.traits.find(({ key }) => key === 'firstName')).toMatchObject({
      of: 'both',
      instead: null,
    })
    expect(await countOpen(truth.db)).toBe(12)
    await expect(previewOf(truth.db, randomUUID())).rejects.toMatchObject({ code: 'not_found' })
  })

  test('searches once at a time, and again after one that died', async () => {
    expect(await claimSearch(truth.db, testNow)).toBe(true)
    expect(await searchDuplicates(searching)).toBe(false)
    expect((await readSearch(truth.db, testNow)).running).toBe(true)
    expect(await searchDuplicates({ ...searching, now: () => testNow + 3_600_000 })).toBe(true)
  })

  test('does not take namesakes for one person', async () => {
    await sql`truncate party, identifier, trait`.execute(truth.db)
    const random = seededRandom('namesakes')
    const towns = Array.from({ length: 12 }, (_, i) => `Town ${i}`)
    await takeIn(
      truth.db,
      Array.from({ length: 600 }, (_, i) => {
        const [firstName, lastName] = [random.choice(first), random.choice(last)]
        const email = `${firstName}.${lastName}@${i}.example`.toLowerCase()
        const traits = { firstName, lastName, email, city: random.choice(towns) }
        return touchpointOf({ identifiers: [`shop_id:n${i}`], ago: 10, traits })
      }),
    )
    await searchDuplicates(searching)
    const { open, search } = await pageNow()
    // Some 2,250 pairs share a name, and a twelfth of them the town as well.
    expect({ people: search.people, few: open < 20 }).toEqual({ people: 600, few: true })
  })

  test('has nothing to say of nobody', async () => {
    await sql`truncate party, identifier, trait`.execute(truth.db)
    await searchDuplicates(searching)
    const { suggestions, search } = await pageNow()
    expect(suggestions).toEqual([])
    expect(search.message).toContain('No two records agree')
  })

  test('ends when told to', async () => {
    const aborted = searchDuplicates({ ...searching, signal: AbortSignal.abort() })
    await expect(aborted).rejects.toThrow()
    expect((await readSearch(truth.db, testNow)).running).toBe(false)
  })
})

describe('what of a person is compared', () => {
  const told = (traits: JsonObject, email: string | null = null): Record<string, string> => {
    const cells = cellsOf({ traits, email, phone: null })
    return Object.fromEntries(personFields.map(({ name }, f) => [name, cells[f] ?? '']))
  }

  test.each([
    [{ name: 'Ada King Lovelace' }, { 'first name': 'Ada', 'last name': 'Lovelace' }],
    [{ name: 'Lovelace, Ada' }, { 'first name': 'Ada', 'last name': 'Lovelace' }],
    [{ name: 'Ada' }, { 'first name': '', 'last name': '' }],
    [
      { first_name: 'Ada', name: 'A. L.' },
      { 'first name': 'Ada', 'last name': 'L.' },
    ],
    [{ address: { postalCode: 12345, city: 'Bonn' } }, { postcode: '12345', city: 'Bonn' }],
    [
      { address: 'Bonn', zip: '53111' },
      { postcode: '53111', city: '' },
    ],
    [{ company: { name: 'Engines Ltd' } }, { company: 'Engines Ltd' }],
    [{ email: 'sunny7+news@example.com' }, { mailbox: 'sunny7', name: '' }],
    [{ email: 'ada.lovelace@example.com' }, { name: 'ada lovelace', mailbox: '' }],
    [{ name: 'Ada Lovelace', email: 'alovelace2@example.com' }, { mailbox: '' }],
    [{ name: 'Jörg Weiß', email: 'joerg.weiss@example.com' }, { mailbox: '' }],
    [{ name: 'Ada Lovelace', email: 'countess@example.com' }, { mailbox: 'countess' }],
    [
      { email: { nested: true }, phone: ['1'] },
      { mailbox: '', phone: '' },
    ],
  ] as [JsonObject, Record<string, string>][])('%j', (traits, expected) => {
    expect(told(traits)).toMatchObject(expected)
  })
})
