/** Pages of parties: filtered, sorted by an index, keyset by keyset, fast at a million. */
import { sql } from 'kysely'
import { decodeCursor, encodeCursor, type PartKind } from './cursor.ts'
import { partySummaryOf } from './party-summary.ts'
import { relationshipTable } from '../../relationship/postgres.ts'
import { rowsOfParties } from '../relationship-queries.ts'
import { uuidArray } from '../../store/array-literal.ts'
import type { Kysely, RawBuilder } from 'kysely'
import type { HealthColour, PartyKind, PartySummary } from '../../domain/view.ts'
import type { ServingModel } from '../serving-model.ts'

export interface PartyQuery {
  readonly kind: PartyKind
  readonly search?: string | undefined
  readonly rung?: string | undefined
  readonly health?: HealthColour | undefined
  readonly persona?: string | undefined
  /** Only people of this account. */
  readonly account?: string | undefined
  /** Only who is inside this segment. */
  readonly segment?: string | undefined
  readonly sort: 'recent' | 'name' | 'rung'
  readonly cursor?: string | undefined
  readonly limit: number
}

export interface PartyPage {
  readonly parties: PartySummary[]
  readonly next: string | null
}

interface Sorting {
  readonly order: RawBuilder<unknown>
  /** The sort key of a row before its id, as the cursor keeps it: texts in a JSON list. */
  readonly key: RawBuilder<unknown>
  readonly keyKinds: readonly PartKind[]
  after(key: readonly (string | number)[]): RawBuilder<unknown>
}

const lastSeen = sql`coalesce(r.m__last_seen, 0)::bigint`

// Conditions are written out where one part of the key falls and another rises.
const sortings: Record<PartyQuery['sort'], Sorting> = {
  recent: {
    // The index gives the hours in order; within an hour it is sorted exactly.
    order: sql`r.last_active_hour desc, ${lastSeen} desc, r.party_id`,
    key: sql`json_build_array(r.last_active_hour::text, ${lastSeen}::text)`,
    keyKinds: ['place', 'milliseconds'],
    after: ([hour, seen, id]) => sql`r.last_active_hour <= ${Number(hour)}
      and (r.last_active_hour < ${Number(hour)} or ${lastSeen} < ${Number(seen)}
        or (${lastSeen} = ${Number(seen)} and r.party_id > ${id}::uuid))`,
  },
  name: {
    order: sql`lower(p.display_name) collate "C", p.id`,
    key: sql`json_build_array(lower(p.display_name))`,
    keyKinds: ['text'],
    after: ([name, id]) =>
      sql`(lower(p.display_name) collate "C", p.id) > (${name}::text collate "C", ${id}::uuid)`,
  },
  rung: {
    // On each rung those who were seen last come first.
    order: sql`r.rung desc, r.last_active_hour desc, ${lastSeen} desc, r.party_id`,
    key: sql`json_build_array(r.rung::text, r.last_active_hour::text, ${lastSeen}::text)`,
    keyKinds: ['place', 'place', 'milliseconds'],
    after: ([rung, hour, seen, id]) => sql`
      (r.rung, r.last_active_hour) <= (${Number(rung)}::int2, ${Number(hour)}::int)
      and ((r.rung, r.last_active_hour, ${lastSeen}) < (${Number(rung)}, ${Number(hour)}, ${Number(seen)})
        or (r.rung = ${Number(rung)} and ${lastSeen} = ${Number(seen)} and r.party_id > ${id}::uuid))`,
  },
}

export async function listParties(
  db: Kysely<unknown>,
  model: ServingModel,
  query: PartyQuery,
  now: number,
): Promise<PartyPage> {
  const { compiled } = model
  const sorting = sortings[query.sort]
  const rung = compiled.rungs.findIndex(({ id }) => id === query.rung)
  const found = query.search ? await searchParties(db, query.search, query.kind) : null
  const conditions = [
    sql`r.kind = ${query.kind}`,
    sql`p.kind = ${query.kind}`,
    sql`p.merged_into is null`,
    ...(query.rung === undefined ? [] : [sql`r.rung = ${rung}`]),
    ...(query.health === undefined ? [] : [sql`r.health = ${query.health}`]),
    ...(query.persona === undefined ? [] : [sql`r.persona = ${query.persona}`]),
    ...(query.segment === undefined ? [] : [insideOf(query.segment)]),
    ...(query.account === undefined ? [] : [sql`r.party_id in (${peopleOf(query.account)})`]),
    ...(found === null ? [] : [sql`r.party_id = any(${uuidArray(found)}::uuid[])`]),
    ...(query.cursor === undefined
      ? []
      : [sorting.after(decodeCursor(query.cursor, [...sorting.keyKinds, 'uuid']))]),
  ]
  // First who, then their states: sorting carries a few bytes a party rather than a wide row.
  const { rows } = await sql<{ id: string; name: string; key: string[] }>`
    select r.party_id as id, p.display_name as name, ${sorting.key} as key
    from ${sql.table(relationshipTable(model.version))} r join party p on p.id = r.party_id
    where ${sql.join(conditions, sql` and `)}
    order by ${sorting.order} limit ${query.limit + 1}`.execute(db)
  const page = rows.slice(0, query.limit)
  const states = await rowsOfParties(db, model, page.map(({ id }) => id)) // prettier-ignore
  const stateOf = new Map(states.map((row) => [row.partyId, row]))
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    parties: page.flatMap(({ id, name }) => {
      // Gone where it was merged into another in between.
      const row = stateOf.get(id)
      return row ? [partySummaryOf(compiled, row, name, now)] : []
    }),
    next: last ? encodeCursor([...last.key, last.id]) : null,
  }
}

function insideOf(segmentId: string): RawBuilder<unknown> {
  return sql`exists (select 1 from segment_build b join segment_member m on m.build = b.build
    where b.segment_id = ${segmentId}::uuid and b.state in ('serving', 'broken')
      and m.party_id = r.party_id and m.inside)`
}

function peopleOf(accountId: string): RawBuilder<unknown> {
  return sql`select p.party_id from identifier a
    join membership m on m.account_subject_id = a.subject_id
    join identifier p on p.subject_id = m.person_subject_id
    where a.party_id = ${accountId}::uuid`
}

/** Beyond this a search is too wide to page through; the next letter narrows it. */
const mostFound = 1_000

/** Parties whose name has words that begin so, or one of whose identifiers does. */
async function searchParties(
  db: Kysely<unknown>,
  search: string,
  kind: PartyKind,
): Promise<string[]> {
  const words = search.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const prefix = `${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const byWords =
    words.length === 0
      ? sql`select null::uuid where false`
      : sql`select id from party where merged_into is null and kind = ${kind}
          and to_tsvector('simple', display_name)
            @@ to_tsquery('simple', ${words.map((word) => `'${word}':*`).join(' & ')})
          limit ${mostFound}`
  const { rows } = await sql<{ id: string }>`
    (${byWords})
    union
    (select party_id from identifier where lower(value) like ${prefix} limit ${mostFound})`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** Parties that an identifier leads to: none or one. Old ids of merged parties lead on. */
export async function partyOfSubject(
  db: Kysely<unknown>,
  subjectId: string,
): Promise<string | null> {
  const { rows } = await sql<{ partyId: string }>`
    select party_id as "partyId" from identifier where subject_id = ${subjectId}::uuid`.execute(db)
  return rows[0]?.partyId ?? null
}

/** The living party behind an id: itself, or what it was merged into. Null where there is none. */
export async function livingParty(
  db: Kysely<unknown>,
  id: string,
): Promise<{ id: string; displayName: string } | null> {
  const { rows } = await sql<{ id: string; displayName: string; mergedInto: string | null }>`
    with recursive way (id, merged_into, display_name, step) as (
      select id, merged_into, display_name, 0 from party where id = ${id}::uuid
      union all
      select p.id, p.merged_into, p.display_name, way.step + 1
      from way join party p on p.id = way.merged_into where way.step < 50)
    select id, display_name as "displayName" from way where merged_into is null`.execute(db)
  return rows[0] ?? null
}
