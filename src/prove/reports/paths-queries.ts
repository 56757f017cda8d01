/**
 * What the report of paths asks the lens: who reached the outcome and when, and the steps before it.
 * Only the people who are looked at have their touchpoints put in order; the rest is one pass.
 */
import { kindsNotOfPeople, stepTest, type Step } from './steps.ts'
import type { Rung } from './steps.ts'
import type { LensParameter } from '../../store/lens-reader.ts'
import type { ReportContext } from '../report.ts'

export const stepSources = ['kind', 'channel', 'series', 'content'] as const
export type StepSource = (typeof stepSources)[number]

export interface PathsQuestion {
  readonly outcome: Step
  readonly rungs: readonly Rung[]
  readonly by: StepSource
}

/** More people than these tell no more about a path; the others are not looked at. */
export const mostReached = 5_000
export const mostOthers = 10_000
/** Steps of one person that are fetched. */
export const mostSteps = 120

const sources: Readonly<Record<StepSource, { step: string; where: string }>> = {
  kind: {
    step: `toString(if(kind = 'custom' and event != '', event, kind))`,
    where: 'kind not in {paths_not: Array(String)}',
  },
  channel: { step: 'toString(channel)', where: 'kind not in {paths_not: Array(String)}' },
  series: { step: 'toString(series)', where: `series != ''` },
  content: { step: 'content', where: `series != ''` },
}

interface Asked {
  readonly reached: string
  readonly given: Readonly<Record<string, LensParameter>>
}

/** The first time that each person came to the outcome, up to the end of the period. */
function reachedOf({ scope }: ReportContext, { outcome, rungs }: PathsQuestion): Asked {
  const { ofTouchpoint, parameters } = stepTest(outcome, 'outcome', rungs)
  const until = `fromUnixTimestamp64Milli({scope_to: Int64}, 'UTC')`
  // The first time on the rung or above it; the lists of a party are read faster than its moves.
  const reached =
    outcome.rung === null
      ? `select party_id, min(occurred_at) as first_at from ${scope.past} where ${ofTouchpoint} group by party_id`
      : `select party_id, first_at from (select party_id, arrayFirst((at, what, rung) ->
             what = 'rung' and has({outcome_from: Array(String)}, toString(rung)), move_at, move_what, move_to) as first_at
           from ${scope.parties} where kind = 'person' and hasAny(move_to, {outcome_from: Array(String)}))
         where first_at > toDateTime64(0, 3, 'UTC') and first_at < ${until}`
  return { reached, given: { ...parameters, paths_not: kindsNotOfPeople } }
}

export interface PeopleCounts {
  /** First reached it in the period. */
  readonly reached: number
  /** Of all people who have not, whenever they were seen. */
  readonly others: number
}

export async function countPeople(
  context: ReportContext,
  question: PathsQuestion,
): Promise<PeopleCounts> {
  const { reached, given } = reachedOf(context, question)
  const [counts] = await context.rows<{ reached: number; ever: number; people: number }>(
    `select countIf(first_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')) as reached,
       count() as ever, (select count() from ${context.scope.parties} where kind = 'person') as people
     from (${reached})`,
    given,
  )
  const { reached: inPeriod = 0, ever = 0, people = 0 } = counts ?? {}
  return { reached: inPeriod, others: Math.max(0, people - ever) }
}

export interface Walked {
  /** Oldest first. */
  readonly steps: string[]
  /** Hours since 1970 of each. */
  readonly hours: number[]
  /** All steps before the outcome, of which the last ones are here. */
  readonly before: number
  /** Hours since 1970 of the outcome. */
  readonly reachedAt: number
}

/** At one moment in the order of names, so that the same question has the same answer. */
const walk = `arraySort(groupArray((occurred_at, step)))`

/** The last steps before the outcome of those who first reached it in the period. */
export async function walksReached(
  context: ReportContext,
  question: PathsQuestion,
  keep: number,
): Promise<Walked[]> {
  const { reached, given } = reachedOf(context, question)
  const { step, where } = sources[question.by]
  return context.rows<Walked>(
    `select arrayMap(one -> one.2, last) as steps,
       arrayMap(one -> intDiv(toUnixTimestamp(one.1), 3600), last) as hours, length(walk) as before,
       intDiv(toUnixTimestamp(first_at), 3600) as reachedAt, arraySlice(walk, -${Math.trunc(keep)}) as last
     from (select party_id, first_at, ${walk} as walk
       from (select party_id, occurred_at, ${step} as step from ${context.scope.past} where ${where}) as h
       inner join (select party_id, first_at from (${reached})
         where first_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')
         order by cityHash64(party_id) limit ${mostReached}) as r using (party_id)
       where occurred_at < first_at group by party_id, first_at)
     order by cityHash64(party_id)`,
    given,
  )
}

/** The first steps of people who have not reached it. */
export async function walksOfOthers(
  context: ReportContext,
  question: PathsQuestion,
): Promise<Pick<Walked, 'steps' | 'hours'>[]> {
  const { reached, given } = reachedOf(context, question)
  const { step, where } = sources[question.by]
  return context.rows(
    `select arrayMap(one -> one.2, walk) as steps,
       arrayMap(one -> intDiv(toUnixTimestamp(one.1), 3600), walk) as hours
     from (select party_id, arraySlice(${walk}, 1, ${mostSteps}) as walk
       from (select party_id, occurred_at, ${step} as step from ${context.scope.past}
         where ${where} and party_id in (
           select party_id from ${context.scope.parties} where kind = 'person'
             and party_id not in (select party_id from (${reached}))
           order by cityHash64(party_id) limit ${mostOthers}))
       group by party_id)
     order by cityHash64(party_id)`,
    given,
  )
}
