import { compileField, fieldText } from './field.ts'
import { compileFilter } from './filter.ts'
import type { ClickhouseMark, Mark } from './aggregate.ts'
import type { CurrencyFactors, Field } from './field.ts'
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
  /** ClickHouse: the condition, amount and text of the same mark. */
  readonly clickhouse: Pick<ClickhouseMark, 'when' | 'amount' | 'text'>
}

export interface EntryIndex {
  readonly byKind: ReadonlyMap<TouchpointKind, readonly CompiledEntry[]>
  readonly forAny: readonly CompiledEntry[]
}

interface Content {
  /** Amount and text of the mark, or null where the field it needs is missing. */
  read(touchpoint: Touchpoint): { amount: number; text: string } | null
  readonly clickhouse: { readonly exists: string; readonly amount: string; readonly text: string }
}

const one = { amount: 1, text: '' }
const nothing: Content = { read: () => one, clickhouse: { exists: '', amount: '1', text: "''" } }

export function compileEntries(
  measure: Measure,
  index: number,
  factors: CurrencyFactors,
): CompiledEntry[] {
  return measure.of.map((entry): CompiledEntry => {
    const filter = compileFilter(entry.when, factors)
    const content = contentOf(measure, entry, factors)
    const { kind } = entry.when
    return {
      measureIndex: index,
      kinds: kind === undefined ? null : Array.isArray(kind) ? kind : [kind],
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
      clickhouse: {
        when: [filter.clickhouse, content.clickhouse.exists].filter(Boolean).join(' and '),
        amount: content.clickhouse.amount,
        text: content.clickhouse.text,
      },
    }
  })
}

function contentOf(
  measure: Measure,
  entry: Measure['of'][number],
  factors: CurrencyFactors,
): Content {
  if ('tag' in entry) {
    const content = { amount: 1, text: entry.tag }
    return { read: () => content, clickhouse: { exists: '', amount: '1', text: `'${entry.tag}'` } }
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
      // Long values are cut: a first or last value is for reading, not for keeping documents.
      return value === undefined ? null : { amount: 1, text: cut(fieldText(value)) }
    },
    clickhouse: {
      exists: field.clickhouse.exists,
      amount: '1',
      text: `substringUTF8(ifNull(${field.clickhouse.text}, ''), 1, 200)`,
    },
  }
}

/** The first 200 code points, as ClickHouse's substringUTF8 counts them. */
const cut = (text: string): string => (text.length <= 200 ? text : [...text].slice(0, 200).join(''))

function weightOf(weight: Weight, factors: CurrencyFactors): Content {
  if (typeof weight !== 'number') return weightedField(compileField(weight.field, factors), weight)
  const amount = bounded(weight)
  const content = { amount, text: '' }
  return { read: () => content, clickhouse: { exists: '', amount: float(amount), text: "''" } }
}

type Linear = Pick<Exclude<Weight, number>, 'times' | 'plus' | 'min' | 'max'>

function weightedField(field: Field, { times, plus, min, max }: Linear): Content {
  const low = bounded(min ?? -Infinity)
  const high = bounded(max ?? Infinity)
  const { number } = field.clickhouse
  const linear = `ifNull(${number}, 0.) * ${float(times)} + ${float(plus)}`
  return {
    read: (touchpoint) => {
      const value = field.read(touchpoint)
      if (typeof value !== 'number') return null
      return { amount: Math.min(high, Math.max(low, value * times + plus)), text: '' }
    },
    clickhouse: {
      exists: `isNotNull(${number})`,
      amount: `least(greatest(${linear}, ${float(low)}), ${float(high)})`,
      text: "''",
    },
  }
}

/**
 * No single touchpoint adds more than this. Fields come from outside: sums of a few huge ones would
 * overflow, which PostgreSQL answers with an error, for this batch and for every later one.
 */
const amountLimit = 1e15

const bounded = (amount: number): number => Math.min(amountLimit, Math.max(-amountLimit, amount))

/** ClickHouse has no common type for a large whole literal and a Float64. */
const float = (number: number): string => `toFloat64(${number})`
