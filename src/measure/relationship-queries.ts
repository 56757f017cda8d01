/** SQL of the relationship table: the upsert that is the fold, and writing standings. */
import { CompiledQuery, sql } from 'kysely'
import { integerArray, numberArray, textArray, uuidArray } from '../store/array-literal.ts'
import {
  insertSql,
  mergeSql,
  readColumns,
  relationshipTable,
  settlingColumns,
} from '../relationship/postgres.ts'
import { readRow } from './standing-row.ts'
import { touchedMeasures } from './deltas.ts'
import type { Cell, PostgresType } from '../relationship/aggregate.ts'
import type { CompiledMeasure } from '../relationship/measure-table.ts'
import type { Delta } from './deltas.ts'
import type { Kysely } from 'kysely'
import type { NewStanding, RelationshipRow, Transition } from './standing-row.ts'
import type { ServingModel } from './serving-model.ts'

/**
 * Merges deltas into the table; gives the rows as they now are, with the measures that settling
 * needs and those whose places are in `also`. Sorted, against deadlocks.
 */
export async function mergeDeltas(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  deltas: ReadonlyMap<string, Delta>,
  also?: ReadonlySet<number>,
): Promise<RelationshipRow[]> {
  if (deltas.size === 0) return []
  const sorted = [...deltas.values()].sort((a, b) => (a.partyId < b.partyId ? -1 : 1))
  const touched = touchedMeasures(compiled, sorted)
  const parameters = [...keyArrays(sorted), ...stateArrays(touched, sorted)]
  const query = CompiledQuery.raw(mergeSql(compiled, version, touched, also), parameters)
  const { rows } = await db.executeQuery<Record<string, unknown>>(query)
  return rows.map((row) => readRow(compiled, row))
}

/** Inserts parties that have no row yet, each with its standing: one write instead of two. */
export async function insertNewcomers(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  newcomers: readonly { readonly delta: Delta; readonly standing: NewStanding }[],
): Promise<void> {
  if (newcomers.length === 0) return
  const deltas = newcomers.map(({ delta }) => delta)
  const touched = touchedMeasures(compiled, deltas)
  const standings = standingArrays(newcomers.map(({ standing }) => standing))
  const parameters = [...keyArrays(deltas), ...standings, ...stateArrays(touched, deltas)]
  await db.executeQuery(CompiledQuery.raw(insertSql(version, touched), parameters))
}

function keyArrays(deltas: readonly Delta[]): string[] {
  return [
    uuidArray(deltas.map(({ partyId }) => partyId)),
    textArray(deltas.map(({ kind }) => kind)),
  ]
}

function stateArrays(touched: readonly CompiledMeasure[], deltas: readonly Delta[]): string[] {
  return touched.flatMap(({ index, aggregate }) => {
    const cells = deltas.map(({ state }) =>
      state[index] === null ? null : aggregate.toCells(state[index]),
    )
    return aggregate.columns.map(({ type }, i) =>
      encode(
        type,
        cells.map((row) => row?.[i] ?? null),
      ),
    )
  })
}

function encode(type: PostgresType, cells: readonly Cell[]): string {
  switch (type) {
    case 'float8':
      return numberArray(cells as (number | null)[])
    case 'int4':
    case 'int8':
      return integerArray(cells as (number | bigint | null)[])
    case 'text':
      return textArray(cells as (string | null)[])
    case 'text[]':
      // An array of arrays must be rectangular, so each travels as its own literal.
      return textArray(
        cells.map((cell) => (cell === null ? null : textArray(cell as readonly string[]))),
      )
  }
}

/** Locked persons first and then accounts, each by their ids: as `measureBatch` meets them. */
export async function rowsOfParties(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  partyIds: readonly string[],
  lock: 'lock' | 'read' = 'read',
): Promise<RelationshipRow[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.raw(readColumns(compiled, 'r'))} from ${sql.table(relationshipTable(version))} r
    where party_id = any(${uuidArray(partyIds)}::uuid[])
    order by kind desc, party_id ${sql.raw(lock === 'lock' ? 'for update' : '')}`.execute(db)
  return rows.map((row) => readRow(compiled, row))
}

/** Rows whose time has come, locked; another process's are left to it. */
export async function dueRows(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  now: number,
  limit: number,
): Promise<RelationshipRow[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.raw(settlingColumns(compiled, 'r'))} from ${sql.table(relationshipTable(version))} r
    where wake_at <= to_timestamp(${now / 1000}::float8)
    order by wake_at limit ${limit} for update skip locked`.execute(db)
  return rows.map((row) => readRow(compiled, row))
}

/** The next time at which anything is due, or null. */
export async function nextWake(db: Kysely<unknown>, version: number): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(wake_at) as at from ${sql.table(relationshipTable(version))}
    where wake_at is not null`.execute(db)
  return rows[0]?.at?.getTime() ?? null
}

export async function removeRows(
  db: Kysely<unknown>,
  version: number,
  partyIds: readonly string[],
): Promise<void> {
  if (partyIds.length === 0) return
  await sql`
    delete from ${sql.table(relationshipTable(version))}
    where party_id = any(${uuidArray(partyIds)}::uuid[])`.execute(db)
}

const secondsArray = (times: readonly (number | null)[]): string =>
  numberArray(times.map((time) => (time === null ? null : time / 1000)))

/** In the order of the columns. */
function standingArrays(standings: readonly NewStanding[]) {
  return [
    integerArray(standings.map((s) => s.rung)),
    secondsArray(standings.map((s) => s.rungSince)),
    textArray(standings.map((s) => s.health)),
    secondsArray(standings.map((s) => s.healthSince)),
    secondsArray(standings.map((s) => s.wakeAt)),
    textArray(standings.map((s) => s.persona)),
    numberArray(standings.map((s) => s.personaFit)),
  ] as const
}

export async function writeStandings(
  db: Kysely<unknown>,
  version: number,
  standings: readonly NewStanding[],
): Promise<void> {
  if (standings.length === 0) return
  const [rung, rungSince, health, healthSince, wakeAt, persona, personaFit] =
    standingArrays(standings)
  await sql`
    update ${sql.table(relationshipTable(version))} r set
      rung = s.rung, rung_since = to_timestamp(s.rung_since), health = s.health,
      health_since = to_timestamp(s.health_since), wake_at = to_timestamp(s.wake_at),
      persona = s.persona, persona_fit = s.persona_fit
    from unnest(${uuidArray(standings.map((s) => s.partyId))}::uuid[],
      ${rung}::int2[], ${rungSince}::float8[], ${health}::text[], ${healthSince}::float8[],
      ${wakeAt}::float8[], ${persona}::text[], ${personaFit}::float8[])
      as s (party_id, rung, rung_since, health, health_since, wake_at, persona, persona_fit)
    where r.party_id = s.party_id`.execute(db)
}

export async function appendTransitions(
  db: Kysely<unknown>,
  transitions: readonly Transition[],
): Promise<void> {
  if (transitions.length === 0) return
  await sql`
    insert into transition (party_id, at, what, from_value, to_value, direction, because)
    select party_id, to_timestamp(at), what, from_value, to_value, direction, because
    from unnest(${uuidArray(transitions.map((t) => t.partyId))}::uuid[],
      ${secondsArray(transitions.map((t) => t.at))}::float8[],
      ${textArray(transitions.map((t) => t.what))}::text[],
      ${textArray(transitions.map((t) => t.from))}::text[],
      ${textArray(transitions.map((t) => t.to))}::text[],
      ${integerArray(transitions.map((t) => t.direction))}::int2[],
      ${textArray(transitions.map((t) => t.because))}::text[])
      as t (party_id, at, what, from_value, to_value, direction, because)`.execute(db)
}
