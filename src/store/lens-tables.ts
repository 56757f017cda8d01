/**
 * What the lens holds: three tables that the exporter fills, and three views that queries read. One
 * text for chDB, a ClickHouse server, a cluster and ClickHouse Cloud: only the engine differs.
 */
import { clusterClause, lensTables } from './lens-shape.ts'
import { lensViewDdl, lensViews } from './lens-views.ts'
import type { ArchivedMonth } from './lens-views.ts'
import type { LensEngine, LensTable } from './lens-shape.ts'

/** Statements that make what is missing; each may run again. */
export function lensDdl(engine: LensEngine, archived: readonly ArchivedMonth[] = []): string[] {
  return [
    ...lensTables.flatMap((table) => tableDdl(table, engine)),
    ...lensViewDdl(engine, archived),
  ]
}

/** Statements that leave nothing of the lens. */
export function dropLensDdl(engine: LensEngine): string[] {
  const onCluster = clusterClause(engine)
  const names = lensTables.flatMap(({ name }) =>
    engine.kind === 'replicated' ? [name, localName(name)] : [name],
  )
  return [
    ...lensViews([])
      .toReversed()
      .map(([name]) => `drop view if exists ${name}${onCluster}`),
    ...names.map((name) => `drop table if exists ${name}${onCluster} sync`),
  ]
}

/** The table that holds the rows, for changes; on a cluster that is not the one that is read. */
export const storedTable = (name: string, engine: LensEngine): string =>
  engine.kind === 'replicated' ? localName(name) : name

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
