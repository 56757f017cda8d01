/**
 * Who began when, and in which periods they came back, in one pass grouped by person. Periods are
 * numbered since 1970: days, weeks from Monday on, months.
 */
import { RapportError } from '../../domain/error.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { mostPeriods } from '../retention.ts'
import type { ReportContext } from '../report.ts'
import { firstTouches, traitOfParties } from './funnel-queries.ts'
import { stepTest, stepTests, type Rung, type Step } from './steps.ts'

export type Unit = 'day' | 'week' | 'month'

export interface RetentionQuestion {
  readonly unit: Unit
  readonly rungs: readonly Rung[]
  readonly start: Step
  /** Empty: the same as the start. */
  readonly back: readonly Step[]
  /** `first`: people belong to the period of their first start ever. `each`: to all periods with one. */
  readonly cohorts: 'first' | 'each'
  readonly variant: 'on' | 'on_or_after'
  readonly longest: number
  readonly by: 'channel' | 'campaign' | 'persona' | null
  /** Numbers of the first period of the report, and of the last one that is over. */
  readonly firstPeriod: number
  readonly lastPeriod: number
}

export interface CohortCount {
  readonly cohort: number
  readonly name: string
  /** People by periods since the start; what is missing at the end is nobody. */
  readonly since: readonly number[]
}

/** 1970-01-01 was a Thursday: three days after a Monday. */
const daysAfterMonday = 3

export function periodNumber(at: number, unit: Unit): number {
  const day = Math.floor(at / dayMilliseconds)
  if (unit === 'day') return day
  if (unit === 'week') return Math.floor((day + daysAfterMonday) / 7)
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** First day of a period. */
export function dayOfPeriod(period: number, unit: Unit): string {
  const at =
    unit === 'month'
      ? Date.UTC(Math.floor(period / 12), period % 12, 1)
      : (unit === 'day' ? period : period * 7 - daysAfterMonday) * dayMilliseconds
  return new Date(at).toISOString().slice(0, 10)
}

const numberOf = (at: string, unit: Unit): string =>
  ({
    day: `toInt32(toDate(${at}))`,
    week: `intDiv(toInt32(toDate(${at})) + ${daysAfterMonday}, 7)`,
    month: `(toInt32(toYear(${at})) * 12 + toMonth(${at}) - 1)`,
  })[unit]

const bitsAWord = 64

/**
 * In which periods something happened, as bits of as many words as are needed: a word costs no more
 * than a minimum, where a set a person costs five times as much.
 */
const wordsOf = (what: string, periods: number): string => {
  const word = (index: number): string =>
    `groupBitOrIf(bitShiftLeft(toUInt64(1), bitAnd(rel, ${bitsAWord - 1})), ${what} and rel between ${index * bitsAWord} and least(${(index + 1) * bitsAWord - 1}, {last: Int32}))`
  return `[${Array.from({ length: Math.ceil(periods / bitsAWord) }, (_, index) => word(index)).join(', ')}]`
}
const hasBit = (words: string, at: string): string =>
  `bitTest(${words}[intDiv(${at}, ${bitsAWord}) + 1], (${at}) % ${bitsAWord})`

/** Rows that begin or come back, each with its period counted from the first of the report. */
async function rowsOf(context: ReportContext, question: RetentionQuestion) {
  const { rungs, start, back, by, unit, cohorts } = question
  const { scope } = context
  const began = stepTest(start, 'start', rungs)
  const again = back.length === 0 ? { tests: [began], parameters: {} } : stepTests(back, 'back', rungs) // prettier-ignore
  const any = (tests: readonly string[]): string => `(${tests.join(' or ')})`
  const first = by === 'channel' || by === 'campaign' ? await firstTouches(context, by) : null
  const isAllPast = cohorts === 'first' || first !== null
  const rel = (at: string): string => `${numberOf(at, unit)} - {first_period: Int32} as rel`
  const rows = [
    `select party_id, ${rel('occurred_at')}, ${began.ofTouchpoint} as starts,
       ${any(again.tests.map(({ ofTouchpoint }) => ofTouchpoint))} as returns${first ? `, ${first.packed} as first` : ''}
     from ${isAllPast ? scope.past : scope.history} where ${first ? '1' : 'starts or (returns and rel >= 0)'}`,
  ]
  if ([start, ...back].some(({ rung }) => rung !== null))
    rows.push(
      `select party_id, ${rel('at')}, ${began.ofMove} as starts,
         ${any(again.tests.map(({ ofMove }) => ofMove))} as returns${first ? ', 18446744073709551615' : ''}
       from ${scope.pastMoves} where starts or returns`,
    )
  return {
    source: `(${rows.join(' union all ')})`,
    names: first?.names ?? [],
    code: first ? 'toUInt8(bitAnd(min(first), 255))' : '0',
    parameters: { ...began.parameters, ...again.parameters, ...first?.parameters },
  }
}

/**
 * People by cohort, group and periods since. `on`: active in just that period. `on_or_after`: in that
 * or a later one, so each counts up to the last in which they were there. Everybody counts in 0.
 */
export async function cohortCounts(
  context: ReportContext,
  question: RetentionQuestion,
): Promise<CohortCount[]> {
  const { by, cohorts, variant, longest, firstPeriod, lastPeriod } = question
  const periods = lastPeriod - firstPeriod + 1
  if (periods < 1) return []
  if (periods > mostPeriods)
    throw new RapportError('invalid_request', `These are ${periods} periods; ${mostPeriods} are the most. Choose a shorter period, or weeks or months.`) // prettier-ignore
  const { source, names, code, parameters } = await rowsOf(context, question)
  const begun =
    cohorts === 'first'
      ? 'minIf(rel, starts) as cohort, max(starts) as has_begun'
      : `arrayJoin(arrayFilter(one -> ${hasBit('start_words', 'one')}, range({periods: UInt32}))) as cohort, 1 as has_begun, ${wordsOf('starts', periods)} as start_words`
  const active =
    variant === 'on'
      ? `${wordsOf('returns', periods)} as words`
      : 'maxIf(rel, returns and rel <= {last: Int32}) as latest'
  const people = `select party_id, ${code} as code, ${begun}, ${active} from ${source} group by party_id
    having has_begun and cohort between 0 and {last: Int32}`
  const counts =
    variant === 'on'
      ? `sumForEach(arrayMap(k -> k = 0 or (cohort + k <= {last: Int32} and ${hasBit('words', 'cohort + k')}), range({width: UInt32})))`
      : `countForEach(arrayWithConstant(toUInt32(1 + greatest(0, least({longest: Int32}, latest - cohort))), 1))`
  const rows = await context.rows<{ cohort: number; name: string | number; counts: number[] }>(
    by === 'persona'
      ? `select cohort, p.name as name, ${counts} as counts from (${people}) as c
         left any join (${traitOfParties(context, 'persona')}) as p using (party_id) group by cohort, name`
      : `select cohort, code as name, ${counts} as counts from (${people}) group by cohort, name`,
    {
      ...{ ...parameters, longest, periods, width: longest + 1 },
      ...{ first_period: firstPeriod, last: lastPeriod - firstPeriod },
    },
  )
  return rows.map(({ cohort, name, counts: since }) => ({
    cohort: cohort + firstPeriod,
    name: typeof name === 'number' ? (names[name] ?? '') : name,
    since: since.map(Number),
  }))
}
