/** How long ago: compared in whole milliseconds, so that here and in SQL it is the same moment. */
import { sql } from 'kysely'
import { dayMilliseconds } from '../relationship/duration.ts'
import { infinity } from './node.ts'
import type { SegmentOperator } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'
import type { Verdict } from './facts.ts'

export interface AgeTest {
  /** Of something at `at`; null where it never was, which is older than anything. */
  verdict(at: number | null, now: number): Verdict
  sql(at: Sql, now: number): Sql
}

/** Days compared with `value`, by at_least, at_most, above, below or between. */
export function compileAge(operator: SegmentOperator, value: number | readonly number[]): AgeTest {
  if (operator === 'between') {
    const [low, high] = value as readonly number[] as [number, number]
    const [from, to] = [compileAge('at_least', low), compileAge('at_most', high)]
    return {
      verdict: (at, now) => Math.min(from.verdict(at, now), to.verdict(at, now)),
      sql: (at, now) => sql`least(${from.sql(at, now)}, ${to.sql(at, now)})`,
    }
  }
  const needed = (value as number) * dayMilliseconds
  const isUpper = operator === 'at_most' || operator === 'below'
  // The elapsed milliseconds from which on it is old enough (or too old).
  const from =
    operator === 'above' || operator === 'at_most' ? Math.floor(needed) + 1 : Math.ceil(needed)
  const sign = isUpper ? -1 : 1
  return {
    verdict: (at, now) => sign * (at === null || now - at >= from ? Infinity : -(at + from)),
    sql: (at, now) => sql`(${sign}::float8 * (case when ${at} is null or
      ${now}::float8 - ${at} >= ${from}::float8 then ${infinity} else -(${at} + ${from}::float8) end))`,
  }
}
