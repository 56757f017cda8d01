/** States from the replay in the lens -> the new relationship table. */
import { sql } from 'kysely'
import { integerArray, numberArray, textArray, uuidArray } from '../store/array-literal.ts'
import { mergeStagedSql } from '../relationship/postgres.ts'
import { replaySql } from '../relationship/clickhouse.ts'
import { replayTable } from './copy-log.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Kysely } from 'kysely'
import type { PostgresType } from '../relationship/aggregate.ts'

const rowsAtOnce = 5_000

export const stagingTable = (version: number): string => `replay_state_${Math.trunc(version)}`

/** A row a subject, with the party that the subject had when it was loaded. */
export function stagingDdl(model: CompiledModel, version: number): string {
  const columns = model.measures.flatMap((measure) =>
    measure.aggregate.columns.map(({ type }, i) => `${measure.columns[i]} ${type}`),
  )
  return `create unlogged table ${stagingTable(version)} (
    subject_id uuid not null, party_id uuid, kind text, place int, ${columns.join(', ')})`
}

/** Runs the one GROUP BY and stages its rows. Gives how many subjects. */
export async function stageReplay(
  db: Kysely<unknown>,
  lens: ClickHouseClient,
  {
    model,
    version,
    now,
  }: { readonly model: CompiledModel; readonly version: number; readonly now: number },
): Promise<number> {
  const result = await lens.query({
    query: replaySql(model, replayTable, now),
    format: 'JSONEachRow',
  })
  let waiting: Record<string, unknown>[] = []
  let staged = 0
  for await (const rows of result.stream<Record<string, unknown>>()) {
    for (const row of rows) waiting.push(row.json())
    while (waiting.length >= rowsAtOnce) {
      await stageRows(db, model, version, waiting.slice(0, rowsAtOnce))
      staged += rowsAtOnce
      waiting = waiting.slice(rowsAtOnce)
    }
  }
  await stageRows(db, model, version, waiting)
  return staged + waiting.length
}

async function stageRows(
  db: Kysely<unknown>,
  model: CompiledModel,
  version: number,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  if (rows.length === 0) return
  const columns = model.measures.flatMap((measure) =>
    measure.aggregate.columns.map(({ type }, i) => ({ name: measure.columns[i] as string, type })),
  )
  const values = columns.map(
    ({ name, type }) =>
      sql`${encode(
        type,
        rows.map((row) => row[name] ?? null),
      )}::${sql.raw(type === 'text[]' ? 'text' : type)}[]`,
  )
  const names = sql.raw(['subject_id', ...columns.map(({ name }) => name)].join(', '))
  const picked = sql.raw(
    [
      'subject_id',
      ...columns.map(({ name, type }) => (type === 'text[]' ? `${name}::text[]` : name)),
    ].join(', '),
  )
  await sql`
    insert into ${sql.table(stagingTable(version))} (${names})
    select ${picked} from unnest(
      ${uuidArray(rows.map((row) => row.subject_id as string))}::uuid[],
      ${sql.join(values)}) as i (${names})`.execute(db)
}

function encode(type: PostgresType, cells: readonly unknown[]): string {
  if (type === 'float8') return numberArray(cells as (number | null)[])
  if (type === 'int4') return integerArray(cells as (number | null)[])
  // ClickHouse writes 64-bit integers as numbers or text; text keeps all 64 bits.
  if (type === 'int8') return textArray(cells.map((cell) => (cell === null ? null : String(cell))))
  if (type === 'text') return textArray(cells as (string | null)[])
  return textArray(
    cells.map((cell) =>
      Array.isArray(cell) && cell.length > 0 ? textArray(cell as string[]) : null,
    ),
  )
}

/**
 * Looks up the party of each staged subject and merges the rows into the table: pass by pass, since
 * one statement may touch a row once only.
 */
export async function loadStaged(
  db: Kysely<unknown>,
  model: CompiledModel,
  version: number,
): Promise<void> {
  const staging = sql.table(stagingTable(version))
  await sql`
    update ${staging} s set party_id = i.party_id, kind = p.kind
    from identifier i join party p on p.id = i.party_id where i.subject_id = s.subject_id`.execute(
    db,
  )
  await sql`
    update ${staging} s set place = n.place
    from (select subject_id, row_number() over (partition by party_id order by subject_id) as place
      from ${staging}) n where n.subject_id = s.subject_id`.execute(db)
  const { rows } = await sql<{
    passes: number | null
  }>`select max(place) as passes from ${staging}`.execute(db)
  for (let pass = 1; pass <= (rows[0]?.passes ?? 0); pass++) {
    await sql.raw(mergeStagedSql(model, version, stagingTable(version), pass)).execute(db)
  }
}

/** Parties whose identifiers changed hands since they were staged: old and new owners. */
export async function changedSinceStaged(db: Kysely<unknown>, version: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct unnest(array[s.party_id, i.party_id]) as id
    from ${sql.table(stagingTable(version))} s join identifier i using (subject_id)
    where s.party_id is distinct from i.party_id`.execute(db)
  return rows.flatMap(({ id }) => id ?? [])
}
