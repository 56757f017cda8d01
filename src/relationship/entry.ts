import { clickhouseFloat as float } from './clickhouse-literal.ts'
import { compileField, fieldText } from './field.ts'
import { compileFilter } from './filter.ts'
import type { ClickhouseField, CurrencyFactors, Field } from './field.ts'
import type { CompiledFilter } from './filter.ts'
import type { JsonDemand } from './clickhouse-json.ts'
import { longestText } from './aggregate.ts'
import type { Mark } from './aggregate.ts'
import type { Measure, Weight } from './model-schema.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

/** One line of a measure's `of:` list: which touchpoints, with what weight, and why. */
export interface CompiledEntry {
  readonly measureIndex: number
  /** Kinds that it can match, or null for any. */
  readonly kinds: readonly TouchpointKind[] | null
  readonly because: string
  /** The mark that this touchpoint makes, or null where the entry does not match. */
  markOf(touchpoint: Touchpoint): Mark | null
  /** ClickHouse: the same mark, of touchpoints of these kinds that no robot caused. */
  readonly clickhouse: ClickhouseEntry
}

export interface ClickhouseEntry extends JsonDemand {
  /** Empty: of the kinds is enough. */
  readonly when: string
  /** A number where it is always the same. */
  readonly amount: number | string
  readonly text: string
}

export interface EntryIndex {
  readonly byKind: ReadonlyMap<TouchpointKind, readonly CompiledEntry[]>
  readonly forAny: readonly CompiledEntry[]
}

interface Content {
  /** Amount and text of the mark, or null where the field it needs is missing. */
  read(touchpoint: Touchpoint): { amount: number; text: string } | null
  readonly clickhouse: {
    readonly exists: string
    readonly amount: number | string
    readonly text: string
    readonly field?: ClickhouseField
  }
}

const one = { amount: 1, text: '' }
const nothing: Content = { read: () => one, clickhouse: { exists: '', amount: 1, text: "''" } }

export function compileEntries(
  measure: Measure,
  index: number,
  factors: CurrencyFactors,
): CompiledEntry[] {
  return measure.of.map((entry): CompiledEntry => {
    const filter = compileFilter(entry.when, factors)
    const content = contentOf(measure, entry, factors)
    const { kind } = entry.when
    const kinds = kind === undefined ? null : Array.isArray(kind) ? kind : [kind]
    return {
      measureIndex: index,
      kinds,
      because: 'because' in entry && entry.because ? entry.because : measure.name,
      markOf: (touchpoint) => {
        if (!filter.matches(touchpoint)) return null
        const read = content.read(touchpoint)
        return (
          read && {
            at: touchpoint.occurredAt,
            id: touchpoint.id,
            amount: read.amount,
            text: read.text,
          }
        )
      },
      clickhouse: clickhouseEntry(kinds, filter, content),
    }
  })
}

function clickhouseEntry(
  kinds: readonly TouchpointKind[] | null,
  filter: CompiledFilter,
  { clickhouse: { exists, amount, text, field } }: Content,
): ClickhouseEntry {
  const when = [filter.clickhouse, exists].filter(Boolean).join(' and ')
  const written = [when, amount, text].join(' ')
  const fields = [...filter.fields, ...(field ? [field] : [])].map((some) => ({
    ...some,
    parts: some.parts.filter(({ name }) => written.includes(name)),
  }))
  const readers = fields.filter(({ parts }) => parts.length > 0)
  return {
    when,
    amount,
    text,
    kinds,
    parts: readers.flatMap(({ parts }) => parts),
    onlyTraits: readers.length > 0 && readers.every(({ onlyTraits }) => onlyTraits),
  }
}

function contentOf(
  measure: Measure,
  entry: Measure['of'][number],
  factors: CurrencyFactors,
): Content {
  if ('tag' in entry) {
    const content = { amount: 1, text: entry.tag }
    return { read: () => content, clickhouse: { exists: '', amount: 1, text: `'${entry.tag}'` } }
  }
  if ('field' in entry) {
    const field = compileField(entry.field, factors)
    return measure.kind === 'minimum' || measure.kind === 'maximum'
      ? numberOf(field)
      : textOf(field)
  }
  if ('weight' in entry) return weightOf(entry.weight, factors)
  return nothing
}

const numberOf = (field: Field): Content => weightedField(field, { times: 1, plus: 0 })

function textOf(field: Field): Content {
  return {
    read: (touchpoint) => {
      const value = field.read(touchpoint)
      return value === undefined ? null : { amount: 1, text: cut(fieldText(value)) }
    },
    clickhouse: {
      exists: field.clickhouse.exists,
      amount: 1,
      text: `ifNull(${field.clickhouse.text}, '')`,
      field: field.clickhouse,
    },
  }
}

/** Counted in code points, as ClickHouse's substringUTF8 does. */
const cut = (text: string): string =>
  text.length <= longestText ? text : [...text].slice(0, longestText).join('')

function weightOf(weight: Weight, factors: CurrencyFactors): Content {
  if (typeof weight !== 'number') return weightedField(compileField(weight.field, factors), weight)
  const amount = bounded(weight)
  const content = { amount, text: '' }
  return { read: () => content, clickhouse: { exists: '', amount, text: "''" } }
}

type Linear = Pick<Exclude<Weight, number>, 'times' | 'plus' | 'min' | 'max'>

function weightedField(field: Field, { times, plus, min, max }: Linear): Content {
  const low = bounded(min ?? -Infinity)
  const high = bounded(max ?? Infinity)
  const { number, isNumber } = field.clickhouse
  const value = isNumber === '' ? number : `ifNull(${number}, 0.)`
  const linear = times === 1 && plus === 0 ? value : `${value} * ${float(times)} + ${float(plus)}`
  return {
    read: (touchpoint) => {
      const value = field.read(touchpoint)
      if (typeof value !== 'number') return null
      return { amount: Math.min(high, Math.max(low, value * times + plus)), text: '' }
    },
    clickhouse: {
      exists: isNumber,
      amount: `least(greatest(${linear}, ${float(low)}), ${float(high)})`,
      text: "''",
      field: field.clickhouse,
    },
  }
}

/**
 * No single touchpoint adds more than this. Fields come from outside: sums of a few huge ones would
 * overflow, which PostgreSQL answers with an error, for this batch and for every later one.
 */
const amountLimit = 1e15

const bounded = (amount: number): number => Math.min(amountLimit, Math.max(-amountLimit, amount))
