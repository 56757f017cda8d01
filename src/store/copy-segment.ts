/** The members of a segment to the lens, so that reports can look at just them. */
import { clusterClause } from './lens-shape.ts'
import { storedTable } from './lens-tables.ts'
import { copyRows } from './exporter/copy-rows.ts'
import type { Lens } from './lens.ts'
import type { Truth } from './truth.ts'

export interface SegmentCopy {
  readonly id: string
  readonly name: string
  /** What its members stand under in `segment_member`. */
  readonly copy: string
}

/** Copies the members unless nobody entered or left since the last copy. Null where there is no such segment. */
export async function copySegment(
  { pool }: Pick<Truth, 'pool'>,
  lens: Lens,
  id: string,
): Promise<SegmentCopy | null> {
  const client = await pool.connect()
  try {
    // One snapshot, so that the name of the copy says what is in it.
    await client.query('begin isolation level repeatable read read only')
    const { rows } = await client.query<{ name: string; build: number | null; change: string }>(
      `select s.name, b.build,
         (select coalesce(max(c.id), 0)::text from segment_change c where c.segment_id = s.id) as change
       from segment s left join segment_build b on b.segment_id = s.id and b.state = 'serving'
       where s.id = $1::uuid and s.deleted_at is null`,
      [id],
    )
    const [segment] = rows
    if (segment === undefined) return null
    const build = segment.build ?? 0
    const copy = `${id} ${build} ${segment.change}`
    const open = await lens.client()
    const known = await open.query({
      query: 'select distinct copy from segment_member where startsWith(copy, {id: String})',
      query_params: { id },
      format: 'JSONEachRow',
    })
    const copies = (await known.json<{ copy: string }>()).map((row) => row.copy)
    if (!copies.includes(copy)) {
      await copyRows(client, open, {
        // Both come from the database: a UUID, a number and a number.
        select: `select '${copy}', party_id from segment_member where build = ${Math.trunc(build)} and inside`,
        table: 'segment_member',
        columns: ['copy', 'party_id'],
        token: copy,
      })
      await forget(lens, copies)
    }
    return { id, name: segment.name, copy }
  } finally {
    await client.query('rollback').catch(() => {})
    client.release()
  }
}

async function forget(lens: Lens, copies: readonly string[]): Promise<void> {
  const client = await lens.client()
  for (const copy of copies) {
    await client.command({
      query: `alter table ${storedTable('segment_member', lens.engine)}${clusterClause(lens.engine)} drop partition {copy: String}`,
      query_params: { copy },
    })
  }
}
