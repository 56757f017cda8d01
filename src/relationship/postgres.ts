/** The relationship table of a model in PostgreSQL: its columns, its upsert, its reading. */
import { implicitMeasures } from './measure-table.ts'
import type { PostgresType } from './aggregate.ts'
import type { CompiledMeasure } from './measure-table.ts'
import type { CompiledModel } from './compile-model.ts'

/** `relationship_7`; the version comes from the database, never from input. */
export const relationshipTable = (version: number): string => `relationship_${Math.trunc(version)}`

/**
 * DDL of the table. Standing is kept beside the state, so that one row says all; columns that an
 * index covers change rarely (the hour of the last touchpoint once an hour), so that most updates stay
 * within their page (HOT). Each list is read in the order of an index; health is looked at there.
 */
export function relationshipDdl(model: CompiledModel, version: number): string[] {
  const table = relationshipTable(version)
  const lastSeen = `m_${implicitMeasures.lastSeen}`
  const columns = model.measures.flatMap((measure) =>
    measure.aggregate.columns.map(({ type }, i) => `  ${measure.columns[i]} ${type}`),
  )
  return [
    `create table ${table} (
  party_id uuid primary key,
  kind text not null,
  rung smallint not null default 0,
  rung_since timestamptz not null default to_timestamp(0),
  health text not null default 'green',
  health_since timestamptz not null default to_timestamp(0),
  wake_at timestamptz,
  last_active_hour int generated always as (coalesce(floor(${lastSeen} / 3600000)::int, 0)) stored,
  persona text,
  persona_fit real not null default 0,
${columns.join(',\n')}
) with (fillfactor = 70)`,
    `create index ${table}_standing on ${table}
      (kind, rung desc, last_active_hour desc, health, party_id)`,
    `create index ${table}_recent on ${table} (kind, last_active_hour desc, health, party_id)`,
    `create index ${table}_wake on ${table} (wake_at) where wake_at is not null`,
  ]
}

/**
 * The upsert that is the fold, for the measures that a batch touched. Parameters: $1 party ids,
 * $2 kinds (both arrays), then one array a column of `touched`. Rows must be
 * sorted by party id, against deadlocks, and hold each party once. Returns the merged rows with what
 * settling needs, and the measures whose places are in `also`.
 */
export function mergeSql(
  model: CompiledModel,
  version: number,
  touched: readonly CompiledMeasure[],
  also?: ReadonlySet<number>,
): string {
  const updates = mergeAssignments(touched)
  return `${insertOf(version, [...keyColumns, ...measureColumns(touched)])}
on conflict (party_id) do update set
  kind = r.kind${updates.map((u) => `,\n  ${u}`).join('')}
returning ${also && also.size > 0 ? columnList(settlingAnd(model, also), 'r') : settlingColumns(model, 'r')}`
}

const settlingAnd = (model: CompiledModel, also: ReadonlySet<number>): CompiledMeasure[] =>
  model.measures.filter((measure) => also.has(measure.index) || model.settling.includes(measure))

/**
 * Inserts parties that have no row yet, with their standing. Parameters: arrays of party ids and
 * kinds, of `standingColumns` (times in seconds since 1970), and of the columns of `touched`.
 */
export function insertSql(version: number, touched: readonly CompiledMeasure[]): string {
  return insertOf(version, [...keyColumns, ...standingColumns, ...measureColumns(touched)])
}

interface Column {
  readonly name: string
  readonly type: PostgresType | 'uuid' | 'int2' | 'time'
}

const keyColumns: readonly Column[] = [
  { name: 'party_id', type: 'uuid' },
  { name: 'kind', type: 'text' },
]

function measureColumns(of: readonly CompiledMeasure[]): Column[] {
  return of.flatMap(({ columns, aggregate }) =>
    columns.map((name, i) => ({ name, type: aggregate.columns[i]?.type ?? 'text' })),
  )
}

/** An insert of rows that come as one array a column, in this order. */
function insertOf(version: number, columns: readonly Column[]): string {
  // Arrays of arrays would have to be rectangular, so text[] travels as its literal.
  const sent = { 'text[]': 'text', time: 'float8' } as const
  const typeOf = ({ type }: Column): string => sent[type as keyof typeof sent] ?? type
  const selected = columns.map(({ name, type }) => {
    if (type === 'time') return `to_timestamp(i.${name})`
    return type === 'text[]' ? `i.${name}::text[]` : `i.${name}`
  })
  const names = columns.map(({ name }) => name).join(', ')
  return `insert into ${relationshipTable(version)} as r (${names})
select ${selected.join(', ')}
from unnest(${columns.map((column, i) => `$${i + 1}::${typeOf(column)}[]`).join(', ')})
  as i (${names})`
}

/**
 * Merges the staged rows of one pass (`place`) of a replay into the table. `states` has a row a subject,
 * `parties` whose it is and its place among those of the same party.
 */
export function mergeStagedSql(
  model: CompiledModel,
  version: number,
  staged: { readonly states: string; readonly parties: string },
  place: number,
): string {
  const names = model.measures.flatMap(({ columns }) => columns).join(', ')
  return `insert into ${relationshipTable(version)} as r (party_id, kind, ${names})
select party_id, kind, ${names} from ${staged.parties} join ${staged.states} using (subject_id)
where place = ${Math.trunc(place)}
on conflict (party_id) do update set
  ${mergeAssignments(model.measures).join(',\n  ')}`
}

function mergeAssignments(measures: readonly CompiledMeasure[]): string[] {
  return measures.flatMap((measure) => {
    const merged = measure.aggregate.postgresMerge(
      measure.columns.map((column) => `r.${column}`),
      measure.columns.map((column) => `excluded.${column}`),
    )
    return measure.columns.map((column, i) => `${column} = ${merged[i]}`)
  })
}

/** What settling a standing needs of a row: measures that no condition reads are left out. */
export function settlingColumns(model: CompiledModel, alias: string): string {
  return columnList(model.settling, alias)
}

/** The whole row, for a select list. */
export function readColumns(model: CompiledModel, alias: string): string {
  return columnList(model.measures, alias)
}

function columnList(of: readonly CompiledMeasure[], alias: string): string {
  return [...keyColumns, ...standingColumns, ...measureColumns(of)]
    .map(({ name }) => `${alias}.${name}`)
    .join(', ')
}

const standingColumns: readonly Column[] = [
  { name: 'rung', type: 'int2' },
  { name: 'rung_since', type: 'time' },
  { name: 'health', type: 'text' },
  { name: 'health_since', type: 'time' },
  { name: 'wake_at', type: 'time' },
  { name: 'persona', type: 'text' },
  { name: 'persona_fit', type: 'float8' },
]
