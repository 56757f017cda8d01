/**
 * One after the other: each step later than the one before, within its time, with none of what it
 * excludes in between. Of all that could have come before a touchpoint, the newest is the best: it
 * lies nearest and has the least between. So one pass over the log tells.
 */
import { sql } from 'kysely'
import { compileFilter } from './touchpoint-filter.ts'
import { durationMilliseconds } from '../relationship/duration.ts'
import { historyNeeds, logOf } from './history-sql.ts'
import { unread } from './unread.ts'
import { infinity, leaf } from './node.ts'
import type { CompiledFilter } from './touchpoint-filter.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { SegmentCondition, SqlScope } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

interface Step {
  readonly of: CompiledFilter
  readonly within: number
  readonly without: CompiledFilter | null
}

export function sequenceRule(rule: SegmentRule, factors: CurrencyFactors): SegmentCondition {
  const steps = (rule.steps ?? []).map(({ of, within, without }): Step => ({
    of: compileFilter(of, factors),
    within: within === undefined ? Infinity : durationMilliseconds(within),
    without: without ? compileFilter(without, factors) : null,
  }))
  const window = rule.within === undefined ? Infinity : durationMilliseconds(rule.within)
  const sign = rule.operator === 'not_happened' ? -1 : 1
  const filters = steps.flatMap(({ of, without }) => [of, ...(without ? [without] : [])])
  const back = steps.slice(1).reduce((sum, { within }) => sum + within, window)
  const bodies = /(properties|context)\./.test(JSON.stringify(rule.steps))
  return leaf({
    says: sentence(rule, steps),
    needs: historyNeeds(filters, back, bodies),
    cost: 2,
    effect: (touchpoint) => {
      if (steps.some(({ without }) => without?.matches(touchpoint))) return 'any'
      if (!steps.some(({ of }) => of.matches(touchpoint))) return 'none'
      return sign > 0 ? 'more' : 'any'
    },
    verdict: ({ history }, question) => {
      if (history === null) return unread(question)
      const { now } = question
      const done = lastCompletion(steps, history)
      return sign * (done !== null && done > now - window ? done + window : -Infinity)
    },
    found: ({ history }) => {
      const done = lastCompletion(steps, history ?? [])
      return done === null ? 'never' : `last on ${new Date(done).toISOString()}`
    },
    sql: (scope) => {
      const joined = scope.join(sequenceSql(scope, steps, back))
      const done = sql.ref(`${joined}.done`)
      const held =
        window === Infinity
          ? sql`(case when ${done} is not null then ${infinity} else -${infinity} end)`
          : sql`(case when ${done} > ${scope.now - window}::float8 then ${done} + ${window}::float8 else -${infinity} end)`
      return sql`(${sign}::float8 * ${held})`
    },
  })
}

function sentence({ operator, within }: SegmentRule, steps: readonly Step[]): string {
  const told = steps.map(({ of, without, within: gap }, i) => {
    if (i === 0) return of.says
    const time = gap === Infinity ? '' : ` within ${gap / 86_400_000} days`
    return `then ${of.says}${time}${without ? ` without ${without.says} between` : ''}`
  })
  const when = within ? ` in the last ${within}` : ''
  return `${operator === 'happened' ? 'Happened' : 'Did not happen'}${when}: ${told.join(', ')}`.slice(0, 300) // prettier-ignore
}

/** When the whole sequence was last completed; null where it never was. */
export function lastCompletion(
  steps: readonly Step[],
  history: readonly Touchpoint[],
): number | null {
  const reached: number[] = steps.map(() => -Infinity)
  const excluded: number[] = steps.map(() => -Infinity)
  for (let i = 0; i < history.length;) {
    const at = (history[i] as Touchpoint).occurredAt
    const [before, barred] = [[...reached], [...excluded]]
    // What happened at one moment did not happen one after the other.
    for (; i < history.length && history[i]?.occurredAt === at; i++) {
      const touchpoint = history[i] as Touchpoint
      steps.forEach(({ of, within, without }, k) => {
        if (without?.matches(touchpoint)) excluded[k] = at
        if (!of.matches(touchpoint)) return
        const last = k === 0 ? at : (before[k - 1] as number)
        if (k === 0 || (last > -Infinity && at - last <= within && (barred[k] as number) <= last))
          reached[k] = at
      })
    }
  }
  const done = reached.at(-1) ?? -Infinity
  return done === -Infinity ? null : done
}

function sequenceSql(scope: SqlScope, steps: readonly Step[], back: number): Sql {
  const columns = steps.flatMap(({ of, without }, k) => [
    sql`${of.sql} as ${sql.ref(`is_${k}`)}`,
    ...(without ? [sql`${without.sql} as ${sql.ref(`bars_${k}`)}`] : []),
  ])
  const any = steps.flatMap(({ of, without }) => [of.sql, ...(without ? [without.sql] : [])])
  const inWindow =
    back === Infinity
      ? sql`true`
      : sql`t.occurred_at > to_timestamp(${(scope.now - back) / 1000}::float8)`
  const base = sql`
    select o.party_id, (extract(epoch from t.occurred_at) * 1000)::bigint as at, ${sql.join(columns)}
    ${logOf(scope, sql`(${sql.join(any, sql` or `)}) and ${inWindow}`)}`
  let query: Sql = sql`select s.*, case when s.is_0 then s.at end as reached_0 from (${base}) as s`
  steps.forEach(({ within, without }, k) => {
    if (k === 0) return
    const barred = without
      ? sql`max(s.at) filter (where ${sql.ref(`s.bars_${k}`)}) over earlier`
      : sql`null::bigint`
    const looked = sql`
      select s.*, max(${sql.ref(`s.reached_${k - 1}`)}) over earlier as last, ${barred} as barred
      from (${query}) as s window earlier as
        (partition by s.party_id order by s.at range between unbounded preceding and 1 preceding)`
    const inTime = within === Infinity ? sql`true` : sql`l.at - l.last <= ${within}::bigint`
    // Only what the next step reads is handed on.
    const kept = steps.flatMap((step, j) =>
      j > k ? [sql.ref(`l.is_${j}`), ...(step.without ? [sql.ref(`l.bars_${j}`)] : [])] : [],
    )
    query = sql`
      select ${sql.join([sql`l.party_id`, sql`l.at`, ...kept])},
        case when ${sql.ref(`l.is_${k}`)} and l.last is not null and ${inTime}
          and (l.barred is null or l.barred <= l.last) then l.at end as ${sql.ref(`reached_${k}`)}
      from (${looked}) as l`
  })
  return sql`select s.party_id, max(${sql.ref(`s.reached_${steps.length - 1}`)})::float8 as done
    from (${query}) as s group by s.party_id`
}
