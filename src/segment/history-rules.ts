/** Rules about touchpoints: how many, how much, the first and the last, within a window or since another. */
import { sql } from 'kysely'
import { always } from './facts.ts'
import { compileAge } from './age.ts'
import { compileComparison } from './comparison.ts'
import { compileFilter, compileProperty } from './touchpoint-filter.ts'
import { durationMilliseconds } from '../relationship/duration.ts'
import { figure } from './model-rules.ts'
import { infinity, leaf, millisecondsOf } from './node.ts'
import { historyNeeds, logOf } from './history-sql.ts'
import { boundsOf, unread } from './unread.ts'
import { words } from './says.ts'
import type { CompiledFilter, PropertyReader } from './touchpoint-filter.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { Facts, Question, Verdict } from './facts.ts'
import type { SegmentCondition, SqlScope } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

/** Which touchpoints a rule looks at. */
interface Chosen {
  readonly of: CompiledFilter
  readonly since: CompiledFilter | null
  /** Milliseconds; Infinity without a window. */
  readonly window: number
}

/** @param says  instead of the words that the rule itself would have */
export function historyRule(
  rule: SegmentRule,
  factors: CurrencyFactors,
  says?: string,
): SegmentCondition {
  const chosen: Chosen = {
    of: compileFilter(rule.of ?? {}, factors),
    since: rule.since ? compileFilter(rule.since, factors) : null,
    window: rule.within === undefined ? Infinity : durationMilliseconds(rule.within),
  }
  const bodies = JSON.stringify([rule.of, rule.since, rule.property]).includes('properties.')
  const deep = JSON.stringify([rule.of, rule.since, rule.property]).includes('context.')
  const filters = [chosen.of, ...(chosen.since ? [chosen.since] : [])]
  const back = chosen.since ? Infinity : chosen.window
  const common = {
    needs: historyNeeds(filters, back, bodies || deep),
    cost: 2,
    says: says ?? sentence(rule, chosen),
  }
  const reader = compileProperty(rule.property ?? 'days', factors)
  return rule.field === 'touchpoint.count' || rule.field === 'touchpoint.sum'
    ? leaf({ ...common, ...totalRule(rule, chosen, rule.field === 'touchpoint.sum' ? reader : null) }) // prettier-ignore
    : leaf({ ...common, ...edgeRule(rule, chosen, reader) })
}

function sentence(rule: SegmentRule, { of, since, window }: Chosen): string {
  const what = {
    'touchpoint.count': `Number of: ${of.says}`,
    'touchpoint.sum': `Sum of ${rule.property ?? ''} over: ${of.says}`,
    'touchpoint.first': `First ${of.says}: ${rule.property === 'days' ? 'days ago' : (rule.property ?? '')}`,
    'touchpoint.last': `Last ${of.says}: ${rule.property === 'days' ? 'days ago' : (rule.property ?? '')}`,
  }[rule.field]
  const when = [
    window === Infinity ? '' : `in the last ${rule.within}`,
    since ? `since the last ${since.says}` : '',
  ]
  return [words(what ?? '', rule), ...when].filter(Boolean).join(' ').slice(0, 300)
}

/** Those that count, oldest first; null where it counts from something that never happened. */
function counted({ of, since, window }: Chosen, history: readonly Touchpoint[], now: number) {
  let from = now - window
  if (since) {
    const anchor = history.findLast((t) => since.matches(t))
    if (!anchor) return null
    from = Math.max(from, anchor.occurredAt)
  }
  return history.filter((t) => t.occurredAt > from && of.matches(t))
}

type Leaf = Pick<SegmentCondition, 'verdict' | 'found' | 'sql' | 'effect'>

/** Beyond this a number is not taken for an amount; millionths of sums below stay exact in a double. */
const mostAmount = 1e9
const millionths = 1_000_000

function amountOf(reader: PropertyReader | null, touchpoint: Touchpoint): number {
  if (reader === null) return 1
  const value = reader.read(touchpoint)
  if (typeof value !== 'number') return 0
  return Math.floor(Math.max(-mostAmount, Math.min(mostAmount, value)) * millionths + 0.5)
}

function totalRule(rule: SegmentRule, chosen: Chosen, reader: PropertyReader | null): Leaf {
  const comparison = compileComparison(rule.operator, rule.value as number)
  const unit = reader === null ? 1 : millionths
  const holds = (total: number): boolean => comparison.holds(total / unit)
  const more = moreOf(rule, 'at_least')
  const verdict = (history: readonly Touchpoint[], now: number): Verdict => {
    const list = counted(chosen, history, now)
    if (list === null) return -Infinity
    return leavingOneByOne(list, chosen.window, { holds, amount: (t) => amountOf(reader, t) })
  }
  return {
    verdict: ({ history, recent }, question) => {
      if (history !== null) return verdict(history, question.now)
      // Of sums nothing is known: what is not read may be negative.
      if (!recent || reader !== null || chosen.since) return unread(question)
      return unread(question, boundsOf(verdict(recent, question.now), more))
    },
    effect: (touchpoint) => {
      const { of, since } = chosen
      if (since?.matches(touchpoint)) return 'any'
      const amount = of.matches(touchpoint) ? amountOf(reader, touchpoint) : 0
      return amount === 0 ? 'none' : amount > 0 && more === 'helps' ? 'more' : 'any'
    },
    found: ({ history }, { now }) => {
      const list = counted(chosen, history ?? [], now)
      if (list === null) return 'nothing to count from'
      return figure(list.reduce((sum, t) => sum + amountOf(reader, t), 0) / unit)
    },
    sql: (scope) => {
      const amount = reader === null ? sql`1::float8` : amountSql(reader)
      const joined = scope.join(sql`
        select l.party_id, sum(l.amount) filter (where l.counts) as total,
          min(l.at) filter (where l.counts) as oldest, bool_or(l.anchored) as anchored
        from (${logQuery(scope, chosen, sql`${amount} as amount`)}) as l group by l.party_id`)
      const total = sql`(coalesce(${sql.ref(`${joined}.total`)}, 0) / ${unit}::float8)`
      const none = { text: sql`null::text`, boolean: sql`null::boolean`, exists: sql`true` }
      const held = comparison.sql({ number: total, ...none })
      return guarded(chosen, joined, sql`(case when ${held} then 1 else -1 end)::float8
        * ${leavesAt(chosen, sql.ref(`${joined}.oldest`))}`)
    },
  } // prettier-ignore
}

/** Whether more touchpoints help a comparison, where this one or its strict form is meant to gain. */
function moreOf({ operator }: SegmentRule, gains: 'at_least' | 'at_most') {
  if (operator === 'at_least' || operator === 'above')
    return gains === 'at_least' ? 'helps' : 'hinders'
  if (operator === 'at_most' || operator === 'below')
    return gains === 'at_most' ? 'helps' : 'hinders'
  return 'unclear'
}

interface Total {
  readonly holds: (total: number) => boolean
  readonly amount: (touchpoint: Touchpoint) => number
}

/** Time takes the oldest out of the window, one after the other, until the answer is another one. */
function leavingOneByOne(
  list: readonly Touchpoint[],
  window: number,
  { holds, amount }: Total,
): Verdict {
  let total = list.reduce((sum, touchpoint) => sum + amount(touchpoint), 0)
  const now = holds(total)
  if (window === Infinity) return always(now)
  for (const [i, touchpoint] of list.entries()) {
    total -= amount(touchpoint)
    // What happened at one moment leaves at one moment.
    if (list[i + 1]?.occurredAt === touchpoint.occurredAt) continue
    if (holds(total) !== now) return (now ? 1 : -1) * (touchpoint.occurredAt + window)
  }
  return always(now)
}

function edgeRule(rule: SegmentRule, chosen: Chosen, reader: PropertyReader): Leaf {
  const isFirst = rule.field === 'touchpoint.first'
  const isAge = rule.property === 'days'
  const age = isAge ? compileAge(rule.operator, rule.value as number) : null
  const comparison = isAge ? null : compileComparison(rule.operator, rule.value as string)
  const pick = ({ history }: Facts, now: number): Touchpoint | null | undefined => {
    const list = counted(chosen, history ?? [], now)
    return list === null ? null : isFirst ? list[0] : list.at(-1)
  }
  // Of the first it is not: one may come that happened before it, or where there was none.
  const more = isAge && !isFirst ? moreOf(rule, 'at_most') : 'unclear'
  const verdict = (facts: Facts, question: Question): Verdict => {
    const { now } = question
    if (facts.history === null) {
      const { recent } = facts
      if (!recent || chosen.since) return unread(question)
      return unread(question, boundsOf(verdict({ ...facts, history: recent }, question), more))
    }
    const found = pick(facts, now)
    if (found === null) return -Infinity
    const held = age
      ? age.verdict(found?.occurredAt ?? null, now)
      : always(comparison?.holds(found && reader.read(found)) === true)
    const leaves = (found?.occurredAt ?? Infinity) + chosen.window
    return Math.sign(held) * Math.min(Math.abs(held), leaves)
  }
  return {
    verdict,
    effect: (touchpoint) => {
      if (chosen.since?.matches(touchpoint)) return 'any'
      return !chosen.of.matches(touchpoint) ? 'none' : more === 'helps' ? 'more' : 'any'
    },
    found: (facts, { now }) => {
      const found = pick(facts, now)
      if (!found) return 'never'
      const value = isAge ? new Date(found.occurredAt).toISOString() : reader.read(found)
      return value === undefined ? 'not known' : String(value).slice(0, 200)
    },
    sql: (scope) => {
      const order = sql.raw(isFirst ? 'asc' : 'desc')
      const value = sql`(case when l.counts then 1 end)`
      const joined = scope.join(sql`
        select distinct on (l.party_id) l.party_id, ${value} as found, l.at, l.number, l.text,
          l.flag, l.present, bool_or(l.anchored) over (partition by l.party_id) as anchored
        from (${logQuery(scope, chosen, sql`${reader.sql.number}::float8 as number, ${reader.sql.text} as text,
          ${reader.sql.boolean} as flag, ${reader.sql.exists} as present`)}) as l
        order by l.party_id, l.counts desc, l.at ${order}, l.id ${order}`)
      const cell = (name: string): Sql => sql`(case when ${sql.ref(`${joined}.found`)} = 1 then ${sql.ref(`${joined}.${name}`)} end)`
      const at = cell('at')
      const held = age
        ? age.sql(at, scope.now)
        : sql`(case when ${comparison?.sql({ number: cell('number'), text: cell('text'), boolean: cell('flag'), exists: sql`coalesce(${cell('present')}, false)` }) ?? sql`false`} then ${infinity} else -${infinity} end)`
      return guarded(chosen, joined, sql`sign(${held}) * least(abs(${held}), ${leavesAt(chosen, at)})`)
    },
  } // prettier-ignore
}

function amountSql({ sql: value }: PropertyReader): Sql {
  return sql`floor(greatest(${-mostAmount}::float8, least(${mostAmount}::float8,
    coalesce(${value.number}, 0)::float8)) * ${millionths}::float8 + 0.5)`
}

/** When the touchpoint at `at` leaves the window. */
function leavesAt({ window }: Chosen, at: Sql): Sql {
  return window === Infinity ? infinity : sql`coalesce(${at} + ${window}::float8, ${infinity})`
}

/** Where nothing was there to count from, nothing holds. */
function guarded({ since }: Chosen, joined: string, verdict: Sql): Sql {
  if (!since) return verdict
  return sql`(case when coalesce(${sql.ref(`${joined}.anchored`)}, false) then ${verdict} else -${infinity} end)`
}

/** Rows of the log with `counts` and `anchored`; `at` in milliseconds. */
function logQuery(scope: SqlScope, { of, since, window }: Chosen, columns: Sql): Sql {
  const at = millisecondsOf(sql`t.occurred_at`)
  const inWindow = window === Infinity ? sql`true` : sql`t.occurred_at > to_timestamp(${(scope.now - window) / 1000}::float8)`
  if (!since) {
    return sql`select o.party_id, t.id, ${at} as at, true as counts, true as anchored, ${columns}
      ${logOf(scope, sql`${of.sql} and ${inWindow}`)}`
  }
  return sql`select looked.*, anchor is not null as anchored,
      coalesce(is_of and occurred_at > anchor, false) as counts
    from (select o.party_id, t.id, ${at} as at, t.occurred_at, ${of.sql} and ${inWindow} as is_of,
        max(t.occurred_at) filter (where ${since.sql}) over (partition by o.party_id) as anchor, ${columns}
      ${logOf(scope, sql`(${of.sql} or ${since.sql})`)}) as looked`
} // prettier-ignore
