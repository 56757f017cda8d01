/**
 * Numbers of the model in SQL: the value now, and a time before which it does not cross a threshold.
 * Where one part alone fades that time is exact (t = h log2(v / gap)); where several move, each part
 * is taken as if it moved as fast as the fastest, so the time is early and never late.
 */
import { sql } from 'kysely'
import { dayMilliseconds, durationMilliseconds } from '../relationship/duration.ts'
import { dayOf, weekOf } from '../relationship/aggregates/bitmap.ts'
import { column, infinity } from './node.ts'
import { millionths } from '../relationship/aggregates/sum.ts'
import type { CompiledMeasure, MeasureTable } from '../relationship/measure-table.ts'
import type { Sql } from './comparison.ts'
import type { SqlScope } from './node.ts'
import type { Term, WeightedTerm } from '../relationship/model-schema.ts'

interface Part {
  readonly value: Sql
  readonly times: number
  /** Half-life in milliseconds where it fades. */
  readonly halfLife: number | null
  /** When marks may leave it next, where it steps. */
  readonly boundary: number | null
}

/** value >= at, or value > at where `strict`. */
export interface SqlThreshold {
  readonly at: number
  readonly strict: boolean
}

export function thresholdSql(
  terms: readonly WeightedTerm[],
  table: MeasureTable,
  { at, strict }: SqlThreshold,
  scope: SqlScope,
): Sql {
  const parts = terms.flatMap((term) => partsOf(term, term.times, table, scope))
  const value = sumOf(parts)
  // SQL has no doubles beyond these two.
  const needed = Number.isFinite(at) ? sql`${at}::float8` : at > 0 ? infinity : sql`-${infinity}`
  const above = strict ? sql`${value} > ${needed}` : sql`${value} >= ${needed}`
  const moving = parts.some(({ halfLife, boundary }) => halfLife !== null || boundary !== null)
  if (!moving || !Number.isFinite(at)) {
    return sql`(case when ${above} then ${infinity} else -${infinity} end)`
  }
  const rest = (sign: number): readonly Part[] =>
    parts.filter(({ halfLife, times }) => halfLife === null || times * sign <= 0)
  const { now } = scope
  // Above: what carries it fades away. Below: what weighs it down does.
  const down = sql`least(${crossing(parts, 1, sql`(${needed} - ${sumOf(rest(1))})`, now)}, ${boundaryOf(parts, 1)})`
  const up = sql`least(${crossing(parts, -1, sql`(${sumOf(rest(-1))} - ${needed})`, now)}, ${boundaryOf(parts, -1)})`
  return sql`(case when ${above} then ${down} else -(${up}) end)`
}

const sumOf = (parts: readonly Part[]): Sql =>
  parts.length === 0
    ? sql`0::float8`
    : sql`(${sql.join(
        parts.map(({ value, times }) => (times === 1 ? value : sql`${times}::float8 * ${value}`)),
        sql` + `,
      )})`

/** -ln of about the least of doubles: what fades to nothing is 0 from there on. */
const smallest = 744

/** When the fading parts of this sign have come down to `gap`, all as fast as the fastest. */
function crossing(parts: readonly Part[], sign: number, gap: Sql, now: number): Sql {
  const fading = parts.filter(({ halfLife, times }) => halfLife !== null && times * sign > 0)
  if (fading.length === 0) return infinity
  const fastest = Math.min(...fading.map(({ halfLife }) => halfLife as number))
  const size = sumOf(fading.map((part) => ({ ...part, times: Math.abs(part.times) })))
  // A difference of logarithms: a quotient could overflow.
  return sql`(case when ${gap} > 0 and ${size} > ${gap}
    then ${now}::float8 + ceil(${fastest}::float8 * (ln(${size}) - ln(${gap})) / 0.6931471805599453)
    when ${gap} > 0 and ${size} > 0 then ${now}::float8
    when ${gap} = 0 and ${size} > 0
    then ${now}::float8 + floor(${fastest}::float8 * (ln(${size}) + ${smallest}::float8) / 0.6931471805599453)
    else ${infinity} end)`
}

function boundaryOf(parts: readonly Part[], sign: number): Sql {
  const stepping = parts.filter(({ boundary, times }) => boundary !== null && times * sign > 0)
  if (stepping.length === 0) return infinity
  const next = Math.min(...stepping.map(({ boundary }) => boundary as number))
  return sql`(case when ${sumOf(stepping)} <> 0 then ${next}::float8 else ${infinity} end)`
}

function partsOf(term: Term, times: number, table: MeasureTable, scope: SqlScope): Part[] {
  const flat = (value: Sql): Part[] => [{ value, times, halfLife: null, boundary: null }]
  if (term.trust_balance) {
    const { deposits, withdrawals } = table.declared.trust
    return [
      ...partsOf({ measure: deposits }, times, table, scope),
      ...partsOf({ measure: withdrawals }, -times, table, scope),
    ]
  }
  if (term.persona_fit) return flat(sql`${column(scope, 'persona_fit')}::text::float8`)
  const measure = table.byId.get(term.measure ?? '') as CompiledMeasure
  const [first = '', second = ''] = measure.columns
  const cell = column(scope, first)
  switch (measure.declared.kind) {
    case 'decayed_sum': {
      const h = measure.halfLife as number
      const level = sql`${cell} - ${scope.now / h}::float8`
      // Below the last of doubles power() reports an underflow, and so does a product with it.
      const least = Math.abs(times) === 1 ? -1074.9 : -960
      const value = sql`(case when ${level} > ${least}::float8 then power(2::float8, ${level}) else 0 end)`
      return [{ value, times, halfLife: h, boundary: null }]
    }
    case 'days':
    case 'weeks':
      return [bitmapPart(measure, term.within, times, { newest: cell, bits: column(scope, second), now: scope.now })] // prettier-ignore
    case 'sum':
      return flat(sql`(coalesce(${cell}, 0)::float8 / ${millionths}::float8)`)
    case 'first':
    case 'last':
      return flat(sql`(${cell} is not null)::int::float8`)
    case 'recent':
      return flat(recentValue(cell, term))
    default:
      return flat(sql`coalesce(${cell}, 0)::float8`)
  }
}

interface BitmapCells {
  readonly newest: Sql
  readonly bits: Sql
  readonly now: number
}

function bitmapPart(
  { declared }: CompiledMeasure,
  within: string | undefined,
  times: number,
  { newest, bits, now }: BitmapCells,
): Part {
  const isWeeks = declared.kind === 'weeks'
  const length = isWeeks ? 7 * dayMilliseconds : dayMilliseconds
  const period = isWeeks ? weekOf(now) : dayOf(now)
  const window = within ? Math.min(64, Math.ceil(durationMilliseconds(within) / length)) : 64
  const visible = sql`(${window}::int - ${period}::int + ${newest})`
  // What lies further back is shifted out; a shift of 64 or more would wrap around.
  const value = sql`(case when ${newest} is null or ${visible} <= 0 then 0
    when ${visible} >= 64 then bit_count(${bits}::bit(64))
    else bit_count((${bits} << (64 - ${visible}))::bit(64)) end)::float8`
  const boundary = (period + 1) * length - (isWeeks ? 3 * dayMilliseconds : 0)
  return { value, times, halfLife: null, boundary }
}

/** The newest marks are texts of time, id and tag: 52 characters before the tag. */
function recentValue(cell: Sql, term: Term): Sql {
  if (term.count !== undefined) {
    return sql`(select count(*) from unnest(${cell}) as m where substr(m, 53) = ${term.count}::text)::float8`
  }
  const { repeats } = term
  if (!repeats) return sql`coalesce(cardinality(${cell}), 0)::float8`
  const { choice, comparison, reconsidered } = repeats
  return sql`(select count(*) from (
      select tag, lag(tag) over w as before, count(*) filter (where tag = ${choice}::text) over
        (order by m collate "C" rows between unbounded preceding and 1 preceding) as choices
      from (select m, substr(m, 53) as tag from unnest(${cell}) as m) as mark
      where tag in (${choice}::text, ${comparison}::text) window w as (order by m collate "C")) as marked
    where tag = ${choice}::text and choices > 0
      and (before = ${comparison}::text) = ${reconsidered}::boolean)::float8`
}
