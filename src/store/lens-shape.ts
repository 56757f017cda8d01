/** The shape of the lens: which tables there are, of which columns, in which order on disk. */
import { numberColumn, numberColumns } from '../relationship/clickhouse-json.ts'

/** How tables are kept. `merge_tree` on one machine; `replicated` over a cluster, sharded by subject. */
export type LensEngine =
  | { readonly kind: 'merge_tree' }
  | { readonly kind: 'replicated'; readonly cluster: string }
  /** ClickHouse Cloud replicates by itself and takes the plain names of the engines. */
  | { readonly kind: 'cloud' }

export const clusterClause = (engine: LensEngine): string =>
  engine.kind === 'replicated' ? ` on cluster ${engine.cluster}` : ''

export interface LensTable {
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

/** Columns with their types; those that are made from others follow with their expressions. */
const givenColumns = {
  subject_id: 'UUID',
  party_id: 'UUID',
  id: 'UUID',
  occurred_at: "DateTime64(3, 'UTC')",
  received_at: "DateTime64(3, 'UTC')",
  source_id: 'LowCardinality(String)',
  type: 'LowCardinality(String)',
  kind: 'LowCardinality(String)',
  event: 'LowCardinality(String)',
  channel: 'LowCardinality(String)',
  bot: 'Bool',
  amount_minor: 'Nullable(Int64)',
  currency: 'LowCardinality(String)',
  score: 'Nullable(Float64)',
  sentiment: 'Nullable(Float64)',
  properties: 'String',
  context: 'String',
  batch: 'UInt32',
} as const
const readInto = (type: string, expression: string): readonly [string, string] => [type, expression]
const madeColumns: Readonly<Record<string, readonly [type: string, expression: string]>> = {
  campaign: readInto('LowCardinality(String)', `JSONExtractString(context, 'campaign', 'name')`),
  campaign_source: readInto(
    'LowCardinality(String)',
    `JSONExtractString(context, 'campaign', 'source')`,
  ),
  content: readInto('String', contentOf),
  series: readInto('LowCardinality(String)', `JSONExtractString(properties, 'series')`),
  topic: readInto('LowCardinality(String)', `JSONExtractString(properties, 'topic')`),
  product: readInto('String', `JSONExtractString(properties, 'product_id')`),
  referral_code: readInto(
    'String',
    `if(JSONExtractString(properties, 'code') != '', JSONExtractString(properties, 'code'),
    extractURLParameter(concat('http://x/', JSONExtractString(context, 'page', 'search')), 'ref'))`,
  ),
  ...Object.fromEntries(
    numberColumns.map((name) => [name, readInto('Nullable(Float64)', numberColumn(name))]),
  ),
}

/** Every column of a touchpoint, in order, with its type. */
export const touchpointColumns: readonly (readonly [name: string, type: string])[] = [
  ...Object.entries(givenColumns),
  ...Object.entries(madeColumns).map(([name, [type]]) => [name, type] as const),
]

const touchpoint: LensTable = {
  name: 'touchpoint',
  columns: [
    ...Object.entries(givenColumns).map(
      ([name, type]) =>
        `${name} ${type}${/^(properties|context)$/.test(name) ? ' codec(ZSTD(1))' : ''}`,
    ),
    ...Object.entries(madeColumns).map(
      ([name, [type, expression]]) => `${name} ${type} materialized ${expression}`,
    ),
  ].join(',\n  '),
  engine: 'MergeTree',
  engineArguments: '',
  shardedBy: 'subject_id',
  clauses: `partition by toYYYYMM(occurred_at)
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
  columns: 'id UUID, shape String',
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

export const lensTables: readonly LensTable[] = [touchpoint, alias, party, segmentMember, lensName]
