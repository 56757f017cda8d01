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

/** A row a subject, with the party that the subject had when it was loaded. */
export function stagingDdl(model: CompiledModel, version: number): string {
  const columns = model.measures.flatMap((measure) =>
    measure.aggregate.columns.map(({ type }, i) => `${measure.columns[i]} ${type}`),
  )
  return `create unlogged table ${stagingTable(version)} (
    subject_id uuid not null, party_id uuid, kind text, place int, ${columns.join(', ')})`
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
