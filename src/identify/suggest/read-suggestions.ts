/** Suggestions as they are shown: a page of them, and what the two would look like as one. */
import { sql } from 'kysely'
import { cellsOfPeople } from './read-people.ts'
import { countOpen, openSuggestions, readSearch, type SuggestionRow } from './queries.ts'
import { nameOfIdentifiers, nameOfTraits } from '../display-name.ts'
import { personFields } from './person-fields.ts'
import { RapportError } from '../../domain/error.ts'
import type { Json } from '../../domain/touchpoint.ts'
import type { Kysely } from 'kysely'
import type {
  MergePreview,
  MergeSuggestionPage,
  MergeSuggestionView,
} from '../../domain/merge-suggestion-view.ts'

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly leastProbability: number
}

export async function suggestionPage(
  db: Kysely<unknown>,
  { limit, cursor, leastProbability }: PageQuery,
  now: number,
): Promise<MergeSuggestionPage> {
  const after = cursor === undefined ? {} : { after: placeOf(cursor) }
  const rows = await openSuggestions(db, { ...after, leastProbability, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    suggestions: await viewsOf(db, shown),
    next: rows.length > limit && last ? `${last.weight} ${last.id}` : null,
    open: await countOpen(db),
    search: await readSearch(db, now),
  }
}

function placeOf(cursor: string): { weight: number; id: string } {
  const [weight = '', id = ''] = cursor.split(' ')
  const isOurs = Number.isFinite(Number(weight)) && weight !== '' && /^[0-9a-f-]{36}$/.test(id)
  if (!isOurs) throw new RapportError('invalid_cursor')
  return { weight: Number(weight), id }
}

/** Values are those of now: a trait that changed since the search is shown as it is. */
async function viewsOf(
  db: Kysely<unknown>,
  rows: readonly SuggestionRow[],
): Promise<MergeSuggestionView[]> {
  const people = await cellsOfPeople(db, [...new Set(rows.flatMap((row) => [row.oneId, row.otherId]))]) // prettier-ignore
  const cells = new Map(people.map((person) => [person.id, person.cells]))
  const valueOf = (id: string, field: string): string =>
    cells.get(id)?.[personFields.findIndex(({ name }) => name === field)] ?? ''
  return rows.map((row) => ({
    ...{ id: row.id, probability: row.probability, weight: row.weight, bothKnown: row.bothKnown },
    one: { id: row.oneId, kind: 'person', displayName: row.oneName },
    other: { id: row.otherId, kind: 'person', displayName: row.otherName },
    reasons: row.reasons.map(([field, level, weight]) => ({
      ...{ field, level, weight },
      ...{ one: valueOf(row.oneId, field), other: valueOf(row.otherId, field) },
    })),
    foundAt: row.foundAt.toISOString(),
  }))
}

interface TraitRow {
  readonly partyId: string
  readonly key: string
  readonly value: Json
}

/** A dry run: identifiers of both, of each trait the newest value. Changes nothing. */
export async function previewOf(db: Kysely<unknown>, id: string): Promise<MergePreview> {
  const [row] = await openSuggestions(db, { id, leastProbability: 0, limit: 1 })
  if (!row) throw new RapportError('not_found', 'There is no such suggestion any more.')
  const parties = [row.oneId, row.otherId]
  const { rows: identifiers } = await sql<{ partyId: string; namespace: string; value: string }>`
    select party_id as "partyId", namespace, value from identifier
    where party_id = any(${parties}::uuid[]) order by first_seen_at, subject_id limit 500`.execute(
    db,
  )
  const { rows: traits } = await sql<TraitRow>`
    select "partyId", key, value from (
      select distinct on (i.party_id, t.key) i.party_id as "partyId", t.key, t.value, t.at, t.touchpoint_id
      from identifier i join trait t using (subject_id) where i.party_id = any(${parties}::uuid[])
      order by i.party_id, t.key, t.at desc, t.touchpoint_id desc) own
    order by key, at desc, touchpoint_id desc limit 1000`.execute(db)
  const sideOf = (partyId: string): 'one' | 'other' => (partyId === row.oneId ? 'one' : 'other')
  const newest = new Map<string, TraitRow[]>()
  for (const trait of traits) newest.set(trait.key, [...(newest.get(trait.key) ?? []), trait])
  const merged = Object.fromEntries(
    [...newest].map(([key, [first]]) => [key, first?.value ?? null]),
  )
  return {
    displayName: nameOfTraits(merged) ?? nameOfIdentifiers(identifiers),
    identifiers: identifiers.map(({ partyId, namespace, value }) => ({
      ...{ namespace, value, of: sideOf(partyId) },
    })),
    traits: [...newest].map(([key, [first, second]]) => {
      const [value, older] = [inWords(first?.value), second && inWords(second.value)]
      const isSame = older === value
      return {
        ...{ key, value, of: isSame ? 'both' : sideOf(first?.partyId ?? '') },
        instead: older === undefined || isSame ? null : older,
      }
    }),
  }
}

const longest = 300

function inWords(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  return [...text].slice(0, longest).join('')
}
