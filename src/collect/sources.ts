/** Sources: what sends touchpoints, each with a write key of its own. */
import { sql, type Kysely } from 'kysely'
import { RapportError } from '../domain/error.ts'
import type { SourceView } from '../domain/source-view.ts'
import { textArray } from '../store/array-literal.ts'

export interface Source {
  readonly id: string
  readonly name: string
  /** `web`, `server`, `mobile`, `import`, ...: a word for people. */
  readonly kind: string
  /** Public: it can add touchpoints and nothing else. Null where nothing comes in over HTTP. */
  readonly writeKey: string | null
  /** Origins that browsers may send from; any where it is empty. */
  readonly allowedOrigins: readonly string[]
}

export interface NewSource {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly writeKey?: string | null
  readonly allowedOrigins?: readonly string[]
}

const columns = sql`id, name, kind, write_key as "writeKey", allowed_origins as "allowedOrigins"`

/** @throws RapportError conflict where the id or the write key is taken. */
export async function createSource(db: Kysely<unknown>, source: NewSource): Promise<Source> {
  const { id, name, kind, writeKey = null, allowedOrigins = [] } = source
  const { rows } = await sql<Source>`
    insert into source (id, name, kind, write_key, allowed_origins)
    values (${id}, ${name}, ${kind}, ${writeKey}, ${textArray(allowedOrigins)}::text[])
    on conflict do nothing
    returning ${columns}`.execute(db)
  const [created] = rows
  if (!created) throw new RapportError('conflict', 'The id or the write key is taken.')
  return created
}

/** The source as it should be at start (from the configuration), made where it is missing. */
export async function ensureSource(db: Kysely<unknown>, source: NewSource): Promise<Source> {
  const { id, name, kind, writeKey = null, allowedOrigins = [] } = source
  const { rows } = await sql<Source>`
    insert into source (id, name, kind, write_key, allowed_origins)
    values (${id}, ${name}, ${kind}, ${writeKey}, ${textArray(allowedOrigins)}::text[])
    on conflict (id) do update set write_key = coalesce(excluded.write_key, source.write_key)
    returning ${columns}`.execute(db)
  return rows[0] as Source
}

export async function sourceOfWriteKey(
  db: Kysely<unknown>,
  writeKey: string,
): Promise<Source | null> {
  const { rows } = await sql<Source>`
    select ${columns} from source where write_key = ${writeKey}`.execute(db)
  return rows[0] ?? null
}

interface SourceRow extends Omit<SourceView, 'createdAt' | 'lastSeenAt'> {
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
}

/** All sources with everything that they ever sent, the busiest of late first. */
export async function listSources(db: Kysely<unknown>): Promise<SourceView[]> {
  const { rows } = await sql<SourceRow>`
    select s.id, s.name, s.kind, s.write_key as "writeKey", s.created_at as "createdAt",
      max(c.last_at) as "lastSeenAt",
      coalesce(sum(c.received), 0)::bigint as received,
      coalesce(sum(c.accepted), 0)::bigint as accepted,
      coalesce(sum(c.duplicate), 0)::bigint as duplicate,
      coalesce(sum(c.rejected), 0)::bigint as rejected,
      coalesce(sum(c.bot), 0)::bigint as bot
    from source s left join source_count c on c.source_id = s.id
    group by s.id
    order by max(c.last_at) desc nulls last, s.created_at, s.id`.execute(db)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  }))
}

/** Names of sources by id, for lists that show them. */
export async function sourceNames(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from source where id = any(${textArray([...new Set(ids)])}::text[])`.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
