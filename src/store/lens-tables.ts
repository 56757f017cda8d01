/**
 * What the lens holds: three tables that the exporter fills, and three views that queries read. One
 * text for chDB, a ClickHouse server, a cluster and ClickHouse Cloud: only the engine differs.
 */

/** How tables are kept. `merge_tree` on one machine; `replicated` over a cluster, sharded by subject. */
export type LensEngine =
  | { readonly kind: 'merge_tree' }
  | { readonly kind: 'replicated'; readonly cluster: string }
  /** ClickHouse Cloud replicates by itself and takes the plain names of the engines. */
  | { readonly kind: 'cloud' }

interface LensTable {
  readonly name: string
  readonly columns: string
  /** Without the prefix that replication puts before it, such as `MergeTree`. */
  readonly engine: string
  readonly engineArguments: string
  /** Rows of one key stay on one machine, so that each shard can answer for its own. */
  readonly shardedBy: string
  readonly clauses: string
}

/**
 * Names of what was read, clicked or followed stand in many properties; queries find them in one
 * column, made once when a touchpoint comes.
 */
const contentOf = `multiIf(
    JSONExtractString(properties, 'title') != '', JSONExtractString(properties, 'title'),
    JSONExtractString(properties, 'content') != '', JSONExtractString(properties, 'content'),
    JSONExtractString(properties, 'name') != '', JSONExtractString(properties, 'name'),
    JSONExtractString(context, 'page', 'path'))`

const touchpoint: LensTable = {
  name: 'touchpoint',
  columns: `subject_id UUID,
  party_id UUID,
  id UUID,
  occurred_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  source_id LowCardinality(String),
  type LowCardinality(String),
  kind LowCardinality(String),
  event LowCardinality(String),
  channel LowCardinality(String),
  bot Bool,
  amount_minor Nullable(Int64),
  currency LowCardinality(String),
  score Nullable(Float64),
  sentiment Nullable(Float64),
  properties String codec(ZSTD(1)),
  context String codec(ZSTD(1)),
  batch UInt32,
  campaign LowCardinality(String) materialized JSONExtractString(context, 'campaign', 'name'),
  campaign_source LowCardinality(String) materialized JSONExtractString(context, 'campaign', 'source'),
  content String materialized ${contentOf},
  series LowCardinality(String) materialized JSONExtractString(properties, 'series'),
  topic LowCardinality(String) materialized JSONExtractString(properties, 'topic'),
  product String materialized JSONExtractString(properties, 'product_id'),
  referral_code String materialized if(JSONExtractString(properties, 'code') != '',
    JSONExtractString(properties, 'code'),
    extractURLParameter(concat('http://x/', JSONExtractString(context, 'page', 'search')), 'ref'))`,
  engine: 'MergeTree',
  engineArguments: '',
  shardedBy: 'subject_id',
  clauses: `partition by toYear(occurred_at)
order by (subject_id, occurred_at, id)`,
}

/** Identifiers that went to another party after their touchpoints were copied. */
const alias: LensTable = {
  name: 'alias',
  columns: `subject_id UUID,
  party_id UUID,
  version UInt64`,
  engine: 'ReplacingMergeTree',
  engineArguments: 'version',
  shardedBy: 'subject_id',
  clauses: 'order by subject_id',
}

/** One row a party, replaced whole: where it stands, and every move it made. */
const party: LensTable = {
  name: 'party',
  columns: `party_id UUID,
  version UInt64,
  alive Bool,
  kind LowCardinality(String),
  name String,
  rung LowCardinality(String),
  rung_since DateTime64(3, 'UTC'),
  health LowCardinality(String),
  health_since DateTime64(3, 'UTC'),
  persona LowCardinality(String),
  persona_fit Float32,
  accounts Array(UUID),
  traits String codec(ZSTD(1)),
  move_at Array(DateTime64(3, 'UTC')),
  move_what Array(LowCardinality(String)),
  move_from Array(LowCardinality(String)),
  move_to Array(LowCardinality(String)),
  move_direction Array(Int8)`,
  engine: 'ReplacingMergeTree',
  engineArguments: 'version',
  shardedBy: 'party_id',
  clauses: 'order by party_id',
}

/** Which lens this is: the truth knows by that name how far it was filled. */
const lensName: LensTable = {
  name: 'lens_name',
  columns: 'id UUID, made_at DateTime64(3, \'UTC\')', // prettier-ignore
  engine: 'MergeTree',
  engineArguments: '',
  shardedBy: 'id',
  clauses: 'order by id',
}

/** Members of a segment as they were at one moment; `copy` names segment and moment. */
const segmentMember: LensTable = {
  name: 'segment_member',
  columns: `copy String,
  party_id UUID`,
  engine: 'MergeTree',
  engineArguments: '',
  shardedBy: 'party_id',
  clauses: 'partition by copy order by party_id',
}

const tables = [touchpoint, alias, party, segmentMember, lensName]

const materialized = [
  'campaign',
  'campaign_source',
  'content',
  'series',
  'topic',
  'product',
  'referral_code',
]
  .map((column) => `t.${column} as ${column}`)
  .join(', ')

/** Touchpoints of everybody but robots, each with the party that it belongs to now. */
const historyView = `select t.* except (party_id), ${materialized},
  if(a.moves = 0, t.party_id, a.moved_to) as party_id
from touchpoint as t
left any join (select subject_id, argMax(party_id, version) as moved_to, count() as moves
  from alias group by subject_id) as a on a.subject_id = t.subject_id
where not t.bot`

/** The same while no identifier has moved since its touchpoints were copied. */
const settledView = `select t.*, ${materialized} from touchpoint as t where not t.bot`

const partiesView = `select * from party final where alive`

const movesView = `select party_id, kind, persona, persona_fit,
  at, what, from_value, to_value, direction
from parties
array join move_at as at, move_what as what, move_from as from_value, move_to as to_value,
  move_direction as direction`

const views = [
  ['history', historyView],
  ['settled_history', settledView],
  ['parties', partiesView],
  ['moves', movesView],
] as const

/** Statements that make what is missing; each may run again. */
export function lensDdl(engine: LensEngine): string[] {
  const onCluster = clusterClause(engine)
  return [
    ...tables.flatMap((table) => tableDdl(table, engine)),
    ...views.map(([name, query]) => `create view if not exists ${name}${onCluster} as\n${query}`),
  ]
}

/** Statements that leave nothing of the lens. */
export function dropLensDdl(engine: LensEngine): string[] {
  const onCluster = clusterClause(engine)
  const names = tables.flatMap(({ name }) =>
    engine.kind === 'replicated' ? [name, localName(name)] : [name],
  )
  return [
    ...views.toReversed().map(([name]) => `drop view if exists ${name}${onCluster}`),
    ...names.map((name) => `drop table if exists ${name}${onCluster} sync`),
  ]
}

/** The table that holds the rows, for changes; on a cluster that is not the one that is read. */
export const storedTable = (name: string, engine: LensEngine): string =>
  engine.kind === 'replicated' ? localName(name) : name

export const clusterClause = (engine: LensEngine): string =>
  engine.kind === 'replicated' ? ` on cluster ${engine.cluster}` : ''

const localName = (name: string): string => `${name}_local`

/**
 * An insert is on the disk before it is acknowledged (chDB and ClickHouse leave that to the system by
 * default), and one that is repeated with its token is dropped.
 */
const durable = `fsync_after_insert = 1, fsync_part_directory = 1`
const settingsOf = {
  merge_tree: `\nsettings ${durable}, non_replicated_deduplication_window = 1000`,
  replicated: `\nsettings ${durable}, replicated_deduplication_window = 1000`,
  cloud: '',
} as const

function tableDdl(table: LensTable, engine: LensEngine): string[] {
  const { name, columns, clauses, shardedBy } = table
  const create = (as: string, rest: string): string =>
    `create table if not exists ${as}${clusterClause(engine)} (\n  ${columns}\n)\n${rest}`
  const stored = (prefix: string, first: readonly string[]): string => {
    const all = [...first, ...(table.engineArguments ? [table.engineArguments] : [])]
    return `engine = ${prefix}${table.engine}(${all.join(', ')})\n${clauses}${settingsOf[engine.kind]}`
  }
  if (engine.kind !== 'replicated') return [create(name, stored('', []))]
  const place = `'/clickhouse/tables/{shard}/{database}/${localName(name)}', '{replica}'`
  return [
    create(localName(name), stored('Replicated', [place])),
    create(
      name,
      `engine = Distributed(${engine.cluster}, currentDatabase(), ${localName(name)}, cityHash64(${shardedBy}))`,
    ),
  ]
}
