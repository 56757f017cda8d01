/** What single touchpoints add to a measure, in ClickHouse: for reports that show entries, not sums. */
import { touchpointKinds } from '../domain/touchpoint-kind.ts'
import { amountSql, firstSql } from './clickhouse.ts'
import { clickhouseFloat, clickhouseLookup, clickhouseText, isOneOf } from './clickhouse-literal.ts'
import { isColumn, jsonFields, jsonMended, jsonWanted } from './clickhouse-json.ts'
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
  /** Where only few rows come of all that are read, reading them once is cheaper than telling kinds apart. */
  readonly inOnePass?: boolean
}

/**
 * One row a touchpoint that counts for any of the measures, with the columns of `keep` and for each
 * measure `<name>_entry` (the place of the entry that matched, from 1; 0 where none did) and
 * `<name>_amount` (0 where none did).
 *
 * Kinds that are told apart by nothing but their name are looked up, once for each name rather than for each
 * row: those are nearly all touchpoints. Kinds of which no entry looks into JSON are read without it, and
 * what the lens keeps in a column of its own is read from there.
 */
export function marksSql({
  keep,
  from,
  measures,
  isWanted = () => true,
  inOnePass = false,
}: MarksOptions): string {
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
  const needy = new Set(all.flatMap((entry) => (needsJson(entry) ? (entry.kinds ?? []) : [])))
  const kinds = [...new Set(all.flatMap((entry) => entry.kinds ?? []))].filter(isWanted)
  if (inOnePass) return branchSql({ keep, from, named, kinds })
  const isPlain = (kind: string): boolean =>
    named.every(({ entries }) => {
      const first = entries.find((entry) => isOf(entry, kind))
      return first === undefined || (first.when === '' && typeof first.amount === 'number')
    })
  const plain = kinds.filter(isPlain)
  const others = kinds.filter((kind) => !isPlain(kind))
  return [
    ...(plain.length > 0 ? [lookupSql({ keep, from, named, kinds: plain })] : []),
    ...[others.filter((kind) => !needy.has(kind)), others.filter((kind) => needy.has(kind))]
      .filter((some) => some.length > 0)
      .map((some) => branchSql({ keep, from, named, kinds: some })),
  ].join('\nunion all\n')
}

const isOf = ({ kinds }: ClickhouseEntry, kind: string): boolean => kinds?.includes(kind) ?? true

const needsJson = ({ parts }: ClickhouseEntry): boolean => parts.some((part) => !isColumn(part))

interface Placed extends ClickhouseEntry {
  /** Its place in the measure, from 1. */
  readonly place: number
}

interface Branch extends Pick<MarksOptions, 'keep' | 'from'> {
  readonly named: readonly { readonly name: string; readonly entries: readonly Placed[] }[]
  /** Only these; null for all. */
  readonly kinds: readonly string[] | null
}

/** Marks that the kind alone gives. */
function lookupSql({ keep, from, named, kinds }: Branch & { kinds: readonly string[] }): string {
  const columns = named.flatMap(({ name, entries }) => {
    const found = kinds.flatMap((kind) => {
      const entry = entries.find((one) => isOf(one, kind))
      return entry ? [{ kind, entry }] : []
    })
    const place = new Map(found.map(({ kind, entry }) => [kind, String(entry.place)]))
    const amount = new Map(
      found.map(({ kind, entry }) => [kind, clickhouseFloat(Number(entry.amount))]),
    )
    return [
      `${clickhouseLookup('kind', place, { otherwise: '0', type: 'UInt8' })} as ${name}_entry`,
      `${clickhouseLookup('kind', amount, { otherwise: '0.', type: 'Float64' })} as ${name}_amount`,
    ]
  })
  return `select ${[...keep, ...columns].join(',\n  ')}\nfrom ${from} where ${isOneOf('kind', kinds)}`
}

function branchSql({ keep, from, named, kinds }: Branch): string {
  const ours = named.map(({ name, entries }) => ({ name, entries: entriesOf(entries, kinds) }))
  const all = ours.flatMap(({ entries }) => entries)
  const inColumns = new Map(
    all.flatMap(({ parts }) => parts.filter(isColumn)).map(({ name, path }) => [name, path[0]]),
  )
  const inJson = all.map((entry) => ({
    ...entry,
    parts: entry.parts.filter((part) => !isColumn(part)),
  }))
  const wanted = jsonWanted(inJson)
  const mended = jsonMended(inJson)
  const fields = [
    ...[...inColumns].map(([name, column]) => `${column} as ${name}`),
    ...jsonFields(inJson),
  ]
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
