/** What single touchpoints add to a measure, in ClickHouse: for reports that show entries, not sums. */
import { touchpointKinds } from '../domain/touchpoint-kind.ts'
import { amountSql, firstSql } from './clickhouse.ts'
import { clickhouseText } from './clickhouse-literal.ts'
import { jsonFields, jsonMended, jsonWanted } from './clickhouse-json.ts'
import type { ClickhouseEntry } from './entry.ts'
import type { CompiledMeasure } from './measure-table.ts'

export interface MarksOptions {
  /** Columns of the log that are wanted besides. */
  readonly keep: readonly string[]
  /** A table, or a subquery in brackets, with the columns of the lens. */
  readonly from: string
  /** What the columns are named after; the measure that they read. */
  readonly measures: Readonly<Record<string, CompiledMeasure>>
  /** Only touchpoints of kinds that pass. */
  readonly isWanted?: (kind: string) => boolean
}

/**
 * One row a touchpoint that counts for any of the measures, with the columns of `keep` and for each
 * measure `<name>_entry` (the place of the entry that matched, from 1; 0 where none did) and
 * `<name>_amount` (0 where none did).
 *
 * Kinds of which no entry looks into JSON are read without it: those are nearly all touchpoints.
 */
export function marksSql({ keep, from, measures, isWanted = () => true }: MarksOptions): string {
  const named = Object.entries(measures).map(([name, { entries }]) => ({
    name,
    entries: entries.map(({ clickhouse }, i) => ({ ...clickhouse, place: i + 1 })),
  }))
  const all = named.flatMap(({ entries }) => entries)
  if (all.some((entry) => entry.kinds === null)) {
    const some = touchpointKinds.filter(isWanted)
    return branchSql({
      keep,
      from,
      named,
      kinds: some.length < touchpointKinds.length ? some : null,
    })
  }
  const needy = new Set(all.flatMap(({ parts, kinds }) => (parts.length > 0 ? (kinds ?? []) : [])))
  const kinds = [...new Set(all.flatMap((entry) => entry.kinds ?? []))].filter(isWanted)
  return [kinds.filter((kind) => !needy.has(kind)), kinds.filter((kind) => needy.has(kind))]
    .filter((some) => some.length > 0)
    .map((some) => branchSql({ keep, from, named, kinds: some }))
    .join('\nunion all\n')
}

interface Placed extends ClickhouseEntry {
  /** Its place in the measure, from 1. */
  readonly place: number
}

interface Branch extends Pick<MarksOptions, 'keep' | 'from'> {
  readonly named: readonly { readonly name: string; readonly entries: readonly Placed[] }[]
  /** Only these; null for all. */
  readonly kinds: readonly string[] | null
}

function branchSql({ keep, from, named, kinds }: Branch): string {
  const ours = named.map(({ name, entries }) => ({ name, entries: entriesOf(entries, kinds) }))
  const all = ours.flatMap(({ entries }) => entries)
  const wanted = jsonWanted(all)
  const mended = jsonMended(all)
  const fields = jsonFields(all)
  const found = ours.flatMap(({ name, entries }) =>
    entries.length > 0 ? [`${firstSql(entries)} as ${name}_found`] : [],
  )
  const columns = ours.flatMap(({ name, entries }) => markColumns(name, entries))
  const layers = [
    `select *${wanted.length > 0 ? ` replace (${wanted.join(', ')})` : ''} from ${from}` +
      (kinds === null ? '' : ` where kind in (${kinds.map(clickhouseText).join(', ')})`),
    mended.length > 0 ? `select * replace (${mended.join(', ')})` : '',
    fields.length > 0 ? `select ${['*', ...fields].join(', ')}` : '',
    // A layer of its own: ClickHouse copies what a name stands for into each use within one.
    `select ${['*', ...found].join(', ')}`,
    `select ${[...keep, ...columns].join(',\n  ')}`,
  ].filter(Boolean)
  const marked = layers.reduce((inner, layer) => `${layer}\nfrom (${inner})`)
  return `select * from (${marked}) where ${ours.map(({ name }) => `${name}_entry > 0`).join(' or ')}`
}

/** Entries that can match one of these kinds, asked for these kinds alone. */
const entriesOf = (entries: readonly Placed[], kinds: readonly string[] | null): Placed[] =>
  entries.flatMap((entry) => {
    if (kinds === null || entry.kinds === null) return [entry]
    const common = entry.kinds.filter((kind) => kinds.includes(kind))
    return common.length > 0 ? [{ ...entry, kinds: common }] : []
  })

function markColumns(name: string, entries: readonly Placed[]): string[] {
  if (entries.length === 0) return [`toUInt8(0) as ${name}_entry`, `toFloat64(0) as ${name}_amount`]
  const found = `${name}_found`
  const numbers = entries.map((_, i) => i + 1).join(', ')
  const places = entries.map(({ place }) => place).join(', ')
  return [
    `transform(${found}, [${numbers}], [${places}], 0)::UInt8 as ${name}_entry`,
    `if(${found} = 0, toFloat64(0), ifNull(${amountSql(entries, found)}, toFloat64(0))) as ${name}_amount`,
  ]
}
