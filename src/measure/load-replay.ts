/** States from the replay in the lens -> the new relationship table. */
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { mergeStagedSql } from '../relationship/postgres.ts'
import { replayCopySql } from '../relationship/clickhouse.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Kysely } from 'kysely'
import type { Pool } from 'pg'

/** Touchpoints a fold: its states and their text stay below some 500 MB. */
const rowsAtOnce = 2_000_000
/** How many subjects tell where a table is cut. */
const sampleSize = 2_000

export const stagingTable = (version: number): string => `replay_state_${Math.trunc(version)}`

/** The party that each staged subject had when it was loaded, and its place among those of the party. */
const partiesTable = (version: number): string => `replay_party_${Math.trunc(version)}`

/** A row a subject. */
export function stagingDdl(model: CompiledModel, version: number): string {
  const columns = model.measures.flatMap((measure) =>
    measure.aggregate.columns.map(({ type }, i) => `${measure.columns[i]} ${type}`),
  )
  return `create unlogged table ${stagingTable(version)} (
    subject_id uuid not null, ${columns.join(', ')})`
}

export interface Replay {
  readonly model: CompiledModel
  readonly version: number
  readonly now: number
  /** What is replayed: a table of the lens. */
  readonly table: string
}

/** Folds the history and stages the states, unread by us. Gives how many subjects. */
export async function stageReplay(
  pool: Pool,
  lens: ClickHouseClient,
  { model, version, now, table }: Replay,
): Promise<number> {
  const names = ['subject_id', ...model.measures.flatMap(({ columns }) => columns)].join(', ')
  const client = await pool.connect()
  let staged = 0
  try {
    for (const slice of await slicesOf(lens, table)) {
      const states = await lens.exec({
        query: `${replayCopySql(model, slice, now)} format TabSeparated`,
        // A server reports what goes wrong on the way before the first byte, rather than as a row.
        clickhouse_settings: { wait_end_of_query: 1 },
      })
      const rows = client.query(copyFrom(`copy ${stagingTable(version)} (${names}) from stdin`))
      await pipeline(states.stream, rows)
      staged += rows.rowCount
    }
  } finally {
    client.release()
  }
  return staged
}

/** The table in ranges of subjects, of about as many touchpoints each. */
export async function slicesOf(lens: ClickHouseClient, table: string): Promise<string[]> {
  const result = await lens.query({
    query: `select count() as rows, arraySort(groupArraySample(${sampleSize}, 1)(subject_id)) as sample from ${table}`,
    format: 'JSONEachRow',
  })
  const [found] = await result.json<{ rows: number; sample: string[] }>()
  const { rows, sample } = found ?? { rows: 0, sample: [] }
  const count = Math.max(1, Math.ceil(rows / rowsAtOnce))
  const bounds = Array.from(
    { length: count - 1 },
    (_, i) => sample[Math.floor(((i + 1) * sample.length) / count)] as string,
  )
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [bounds[i - 1], bounds[i]]
    const conditions = [
      ...(from === undefined ? [] : [`subject_id >= '${from}'`]),
      ...(to === undefined ? [] : [`subject_id < '${to}'`]),
    ]
    return conditions.length === 0
      ? table
      : `(select * from ${table} where ${conditions.join(' and ')})`
  })
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
  const parties = sql.table(partiesTable(version))
  await sql`
    create unlogged table ${parties} as
    select s.subject_id, i.party_id, p.kind,
      row_number() over (partition by i.party_id order by s.subject_id)::int as place
    from ${sql.table(stagingTable(version))} s join identifier i using (subject_id)
      join party p on p.id = i.party_id`.execute(db)
  // Without knowing how many there are, each pass would be planned for a few.
  await sql`analyze ${parties}, ${sql.table(stagingTable(version))} (subject_id)`.execute(db)
  const { rows } = await sql<{
    passes: number | null
  }>`select max(place) as passes from ${parties}`.execute(db)
  const staged = { states: stagingTable(version), parties: partiesTable(version) }
  for (let pass = 1; pass <= (rows[0]?.passes ?? 0); pass++) {
    await sql.raw(mergeStagedSql(model, version, staged, pass)).execute(db)
  }
}

/** Parties whose identifiers changed hands since they were staged: old and new owners. */
export async function changedSinceStaged(db: Kysely<unknown>, version: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct unnest(array[s.party_id, i.party_id]) as id
    from ${sql.table(partiesTable(version))} s join identifier i using (subject_id)
    where s.party_id is distinct from i.party_id`.execute(db)
  return rows.flatMap(({ id }) => id ?? [])
}

/** Also what a replay left behind that broke off. */
export async function dropStaging(db: Kysely<unknown>, version: number): Promise<void> {
  // The states last: by them the sweep finds what is left.
  for (const table of [partiesTable(version), stagingTable(version)]) {
    await sql`drop table if exists ${sql.table(table)}`.execute(db)
  }
}
