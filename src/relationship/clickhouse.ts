/** Replay in ClickHouse: the whole history of each subject folded in one GROUP BY. */
import { clickhouseFloat, clickhouseLookup, isOneOf } from './clickhouse-literal.ts'
import { clickhouseMoment } from './aggregate.ts'
import { jsonFields, jsonMended, jsonWanted } from './clickhouse-json.ts'
import type { ClickhouseEntry } from './entry.ts'
import type { ClickhouseMark } from './aggregate.ts'
import type { CompiledMeasure } from './measure-table.ts'
import type { CompiledModel } from './compile-model.ts'

/**
 * A query over a copy of the log (columns as in PostgreSQL: `subject_id` and `id` as UUID, times as
 * DateTime64(3), `currency` empty where there is none, `properties` and `context` as JSON text; more
 * columns do no harm) that gives one row a subject: `subject_id` and every column of the relationship
 * table that any touchpoint filled.
 *
 * It is layers of subqueries, so that what several measures need is worked out once a row: the
 * documents, the fields in them, which measures count it with what, and last the aggregates.
 *
 * @param from  a table, or a subquery in brackets
 * @param now   milliseconds since 1970; the reference time of decayed sums (see `decayed-sum.ts`)
 */
export function replaySql(model: CompiledModel, from: string, now: number): string {
  return `${foldSql(model, from, now)}\n${settings}`
}

/**
 * The same rows for `COPY ... FROM STDIN`: as TabSeparated they are text that PostgreSQL reads, once lists
 * are written as array literals. Their elements are times, ids and tags, so nothing in them needs escaping.
 */
export function replayCopySql(model: CompiledModel, from: string, now: number): string {
  const columns = model.measures.flatMap(({ aggregate, columns: names }) =>
    names.map((name, i) =>
      aggregate.columns[i]?.type === 'text[]'
        ? `if(empty(${name}), null, concat('{"', arrayStringConcat(${name}, '","'), '"}'))`
        : name,
    ),
  )
  return `select ${['subject_id', ...columns].join(', ')}\nfrom (${foldSql(model, from, now)})\n${settings}`
}

/**
 * Skipping what a condition does not need costs far more than it saves where hundreds of expressions
 * share their parts: 31 s of processor time rather than 16 s for 10 million touchpoints, each measured
 * once. Nothing here can fail on a row.
 */
const settings = "settings short_circuit_function_evaluation = 'disable'"

function foldSql(model: CompiledModel, from: string, now: number): string {
  const entries = model.measures.flatMap((measure) =>
    measure.entries.map(({ clickhouse }) => clickhouse),
  )
  const plain = ['toUnixTimestamp64Milli(occurred_at) as occurred_at', ...jsonWanted(entries)]
  const mended = jsonMended(entries)
  const marks = model.measures.map((measure) => markOf(measure, now))
  const columns = model.measures.flatMap((measure, i) => {
    const expressions = measure.aggregate.clickhouse((marks[i] as WorkedMark).mark)
    return measure.columns.map((column, c) => `${expressions[c]} as ${column}`)
  })
  const layers = [
    `select * replace (${plain.join(',\n  ')})\nfrom ${from} where not bot`,
    mended.length === 0 ? '' : `select * replace (${mended.join(',\n  ')})`,
    `select ${['*', ...jsonFields(entries)].join(',\n  ')}`,
    `select ${['*', `${clickhouseMoment('occurred_at', 'id')} as moment`, ...marks.flatMap(({ work }) => work)].join(',\n  ')}`,
    `select ${['subject_id', ...columns].join(',\n  ')}`,
  ].filter(Boolean)
  return `${layers.reduce((inner, layer) => `${layer}\nfrom (${inner})`)}\ngroup by subject_id`
}

interface WorkedMark {
  readonly mark: ClickhouseMark
  /** Columns that the mark names. */
  readonly work: readonly string[]
}

function markOf({ entries: all, index }: CompiledMeasure, now: number): WorkedMark {
  const entries = all.map(({ clickhouse }) => clickhouse)
  const [when, entry, amount] = [`when_${index}`, `entry_${index}`, `amount_${index}`]
  const mark = { when, at: 'occurred_at', moment: 'moment', now }
  const [amounts, texts] = [entries.map((e) => e.amount), entries.map((e) => e.text)]
  const [single, text] = [new Set(amounts).size === 1, new Set(texts).size === 1]
  if (single && text) {
    return {
      mark: { ...mark, amount: amounts[0] ?? 1, text: texts[0] ?? "''" },
      work: [`${anySql(entries)} as ${when}`],
    }
  }
  return {
    mark: {
      ...mark,
      amount: single ? (amounts[0] ?? 1) : amount,
      text: text ? (texts[0] ?? "''") : branches(entry, texts, "''"),
    },
    work: [
      `${firstSql(entries)} as ${entry}`,
      `${entry} > 0 as ${when}`,
      ...(single ? [] : [`${amountSql(entries, entry)} as ${amount}`]),
    ],
  }
}

/** Whether any entry matches, 1 or 0. */
export function anySql(entries: readonly ClickhouseEntry[]): string {
  if (entries.some(({ kinds, when }) => kinds === null && when === '')) return 'toUInt8(1)'
  const kinds = entries.flatMap((entry) => (entry.when === '' ? (entry.kinds ?? []) : []))
  const others = entries.filter(({ when }) => when !== '').map(conditionSql)
  const all = [...(kinds.length > 0 ? [isOneOf('kind', kinds)] : []), ...others]
  return all.length === 1 ? `toUInt8(${all[0]})` : `toUInt8(${all.join(' or ')})`
}

const conditionSql = ({ kinds, when }: ClickhouseEntry): string =>
  `(${[...(kinds === null ? [] : [isOneOf('kind', kinds)]), ...(when === '' ? [] : [when])].join(' and ') || 'true'})`

/**
 * Number (from 1) of the first entry that matches, 0 where none does: as the fold counts. Entries that
 * only ask for a kind are one look-up; the others are told apart one by one.
 */
export function firstSql(entries: readonly ClickhouseEntry[]): string {
  const none = entries.length + 1
  const { pairs, otherwise } = byKind(entries, (_, i) => String(i + 1), String(none))
  const plain = clickhouseLookup('kind', pairs, { otherwise, type: 'UInt8' })
  const others = entries.flatMap((entry, i) =>
    entry.when === '' ? [] : [`if(${conditionSql(entry)}, toUInt8(${i + 1}), toUInt8(${none}))`],
  )
  // Two at a time: only for two numbers has ClickHouse a loop of its own.
  return `modulo(${[plain, ...others].reduce((left, right) => `least(${left}, ${right})`)}, ${none})`
}

export function amountSql(entries: readonly ClickhouseEntry[], entry: string): string {
  const constants = entries.map(({ amount }) =>
    clickhouseFloat(typeof amount === 'number' ? amount : 0),
  )
  const places = entries.map((_, i) => i + 1).join(', ')
  const constant = `transform(${entry}, [${places}], [${constants.join(', ')}], toFloat64(0))`
  const others = entries.flatMap(({ amount }, i) =>
    typeof amount === 'number' ? [] : [`${entry} = ${i + 1}, ${amount}`],
  )
  return others.length === 0 ? constant : `multiIf(${[...others, constant].join(', ')})`
}

/** What each kind gives by the entries that only ask for a kind: the first that names it. */
function byKind(
  entries: readonly ClickhouseEntry[],
  give: (entry: ClickhouseEntry, place: number) => string,
  nothing: string,
): { readonly pairs: ReadonlyMap<string, string>; readonly otherwise: string } {
  const pairs = new Map<string, string>()
  for (const [place, entry] of entries.entries()) {
    if (entry.when !== '') continue
    if (entry.kinds === null) return { pairs, otherwise: give(entry, place) }
    for (const kind of entry.kinds) if (!pairs.has(kind)) pairs.set(kind, give(entry, place))
  }
  return { pairs, otherwise: nothing }
}

function branches(entry: string, values: readonly string[], otherwise: string): string {
  if (new Set(values).size === 1) return values[0] as string
  return `multiIf(${values.map((value, i) => `${entry} = ${i + 1}, ${value}`).join(', ')}, ${otherwise})`
}
