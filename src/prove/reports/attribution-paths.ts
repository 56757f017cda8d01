/**
 * The paths to an outcome, and of those who did not come to it, counted in the lens: touches of a
 * person are packed into one number each (time, then the code of the channel), sorted, cut by the
 * look-back window, repeats collapsed, and equal paths counted. So 10 million touchpoints give some
 * ten thousands of rows.
 */
import { channels, touchpointKinds } from '../../domain/touchpoint-kind.ts'
import type { LensParameter } from '../../store/lens-reader.ts'
import type { ReportContext } from '../report.ts'
import { kindsNotOfPeople, stepTest, type Rung, type Step } from './steps.ts'

export interface PathQuestion {
  readonly outcome: Step
  readonly rungs: readonly Rung[]
  /** `first`: people until their first outcome ever. `each`: from outcome to outcome. */
  readonly which: 'first' | 'each'
  /** Milliseconds before the outcome. */
  readonly lookback: number
  readonly by: 'channel' | 'campaign' | 'kind'
  readonly touches: 'reach' | 'all'
  /** Days. */
  readonly halfLife: number
  readonly currency: string
}

export interface CountedPath {
  /** Codes, oldest first. */
  readonly steps: readonly number[]
  readonly isCut: boolean
  readonly reached: number
  readonly value: number
  readonly others: number
  /** Sum over the outcomes of what time decay gives each step. */
  readonly decays: readonly number[]
}

/** Steps that are kept of a path: the first one, and the last ones. */
export const longestPath = 12
/** Beyond so many distinct paths the rarer ones keep three steps. */
const mostPaths = 20_000
const rareLength = 3

/** Bits of a code: six of the channel and eight of the campaign, or a kind. */
const codeBits = 14
const codeMask = 2 ** codeBits - 1
const channelBits = 6
const otherCampaign = 255

/** What only brings a visit that is itself a touch, and what is our own house rather than a way to it. */
const kindsWithin = [
  'ad_clicked', 'subscribed', 'unsubscribed', 'signed_up', 'signed_in', 'signed_out',
] as const // prettier-ignore
const channelsWithin = ['direct', 'web', 'app', 'server', 'import'] as const

export interface Codes {
  /** SQL of the code of a row. */
  readonly code: string
  readonly parameters: Readonly<Record<string, LensParameter>>
  /** In words. */
  nameOf(code: number): string
  /** Whose marks it carries: a channel or a kind. */
  channelOf(code: number): string
}

const words = (name: string): string => {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export async function touchCodes(
  { scope, rows }: ReportContext,
  { by, lookback }: Pick<PathQuestion, 'by' | 'lookback'>,
): Promise<Codes> {
  const list: readonly string[] = by === 'kind' ? touchpointKinds : channels
  const place = `transform(${by === 'kind' ? 'kind' : 'channel'}, {names: Array(String)}, {places: Array(UInt16)}, 0)`
  const parameters = { names: list, places: list.map((_, index) => index + 1) }
  const channelOf = (code: number): string =>
    list[(by === 'campaign' ? code % 2 ** channelBits : code) - 1] ?? 'unassigned'
  if (by !== 'campaign')
    return { code: place, parameters, channelOf, nameOf: (code) => words(channelOf(code)) }
  const campaigns = await rows<{ name: string }>(
    `select toString(campaign) as name from ${scope.past} where campaign != '' and ${inSight} group by campaign
     order by count() desc, name limit ${otherCampaign - 1}`,
    { lookback },
  )
  const names = ['', ...campaigns.map(({ name }) => name)]
  return {
    code: `(${place} + bitShiftLeft(toUInt16(transform(campaign, {campaigns: Array(String)}, {campaign_places: Array(UInt16)}, ${otherCampaign})), ${channelBits}))`,
    parameters: { ...parameters, campaigns: names, campaign_places: names.map((_, i) => i) },
    channelOf,
    nameOf(code) {
      const campaign = code >> channelBits
      const name = campaign === otherCampaign ? 'other campaigns' : names[campaign]
      return name ? `${words(channelOf(code))} · ${name}` : words(channelOf(code))
    },
  }
}

/** No touch before it can count. */
const inSight =
  "occurred_at >= fromUnixTimestamp64Milli({scope_from: Int64} - {lookback: Int64}, 'UTC')"

/** 1 where a row of the history is a touch. */
export function touchTest({ touches }: Pick<PathQuestion, 'touches'>): [string, Record<string, LensParameter>] {
  const kinds = touches === 'all' ? kindsNotOfPeople : [...kindsNotOfPeople, ...kindsWithin]
  const test = 'kind not in {kinds_within: Array(String)}'
  return touches === 'all'
    ? [`(${test})`, { kinds_within: kinds }]
    : [`(${test} and channel not in {channels_within: Array(String)})`, { kinds_within: kinds, channels_within: channelsWithin }]
} // prettier-ignore

export async function countPaths(
  context: ReportContext,
  question: PathQuestion,
  codes: Codes,
): Promise<CountedPath[]> {
  const [rows, given] = rowsOf(context, question, codes)
  const code = `bitAnd(touch, ${codeMask})`
  const cut = (list: string, steps: number): string =>
    `if(length(${list}) > ${steps}, arrayConcat([${list}[1]], arraySlice(${list}, ${1 - steps})), ${list})`
  const people = `select arraySort(groupArrayIf(packed, is_touch)) as touches, ${outcomesIn(question)} as outcomes
    from (${rows}) group by party_id`
  const journeys = `select touches, arrayJoin(${journeysOf(question)}) as journey from (${people})`
  const seen = `select journey.3 as won, journey.4 as value,
      arrayFilter(touch -> touch >= bitShiftLeft(journey.1, ${codeBits}) and touch < bitShiftLeft(journey.2, ${codeBits}), touches) as seen,
      arrayMap(touch -> ${code}, seen) as codes,
      arrayFilter((touch, next) -> ${code} != next, seen, arrayShiftLeft(codes, 1, ${codeMask + 1})) as kept
    from (${journeys})`
  const weights = `arrayMap(touch -> exp2((toFloat64(bitShiftRight(touch, ${codeBits})) - toFloat64(bitShiftRight(short[-1], ${codeBits}))) / {half_life: Float64}), short)`
  const counted = `select arrayMap(touch -> toUInt16(${code}), short) as steps, max(length(kept) > ${longestPath}) as is_cut,
      countIf(won) as reached, sumIf(value, won) as value, countIf(not won) as others,
      sumForEachIf(arrayMap(weight -> weight / arraySum(weights), weights), won) as decays
    from (select won, value, kept, ${cut('kept', longestPath)} as short, if(won, ${weights}, []) as weights from (${seen}))
    group by steps`
  // Of equally rare ones any will do, but always the same: to sort paths by a number costs less than by steps.
  const ranked = `select *, row_number() over (order by reached desc, others desc, cityHash64(steps)) > ${mostPaths} and length(steps) > ${rareLength} as is_rare from (${counted})`
  const short = (list: string): string => `if(is_rare and notEmpty(${list}), ${cut(list, rareLength)}, ${list})`
  const found = await context.rows<Omit<CountedPath, 'isCut'> & { is_cut: number }>(
    `select ${short('steps')} as path, max(is_cut or is_rare) as is_cut, sum(reached) as reached, sum(value) as value,
       sum(others) as others, sumForEach(${short('decays')}) as decays, path as steps
     from (${ranked}) group by path`,
    given,
  )
  return found.map(({ is_cut, ...path }) => ({ ...path, isCut: Boolean(is_cut) }))
} // prettier-ignore

/** Touches of the look-back window and all outcomes so far, one row each. */
function rowsOf(
  { scope }: ReportContext,
  question: PathQuestion,
  codes: Codes,
): [string, Record<string, LensParameter>] {
  const { outcome, rungs, lookback, halfLife, currency } = question
  const isOutcome = stepTest(outcome, 'outcome', rungs)
  const [isTouch, ofTouch] = touchTest(question)
  const rows = [
    `select party_id, toUInt64(toUnixTimestamp64Milli(occurred_at)) as time, ${isOutcome.ofTouchpoint} as is_outcome,
       ${isTouch} and not is_outcome as is_touch, bitOr(bitShiftLeft(time, ${codeBits}), toUInt64(${codes.code})) as packed,
       if(currency = {currency: String}, toUInt64(greatest(ifNull(amount_minor, 0), 0)), 0) as amount
     from ${scope.past} where is_outcome or (is_touch and ${inSight})`,
    ...(outcome.rung === null
      ? []
      : [
          `select party_id, toUInt64(toUnixTimestamp64Milli(at)), 1, 0, 0, 0 from ${scope.pastMoves} where ${isOutcome.ofMove}`,
        ]),
  ]
  return [
    rows.join(' union all '),
    {
      ...{ ...codes.parameters, ...isOutcome.parameters, ...ofTouch, lookback, currency },
      half_life: halfLife * 86_400_000,
    },
  ]
}

/** Outcomes of a person as (time, value), in order; where only the first one counts, no other is kept. */
const outcomesIn = ({ which, outcome }: PathQuestion): string =>
  which === 'each'
    ? 'arraySort(groupArrayIf((time, amount), is_outcome))'
    : `if(countIf(is_outcome) = 0, [], [${outcome.rung === null ? 'minIf((time, amount), is_outcome)' : '(minIf(time, is_outcome), toUInt64(0))'}])`

/**
 * What each person gives, as (from, until, whether it ended in an outcome, value): one of each outcome
 * in the period, or one of nothing where there is none, up to the last touch.
 */
function journeysOf({ which }: PathQuestion): string {
  const at = 'toUInt64({scope_from: Int64})'
  const back = (time: string): string =>
    `toUInt64(greatest(toInt64(${time}) - {lookback: Int64}, 0))`
  const last = `bitShiftRight(touches[-1], ${codeBits})`
  const isSeen = `notEmpty(touches) and ${last} >= ${at}`
  const lost = (after: string): string =>
    `[(greatest(${back(last)}, ${after}), toUInt64({scope_to: Int64}), false, toUInt64(0))]`
  const none = `arrayFilter(one -> 0, [(toUInt64(0), toUInt64(0), false, toUInt64(0))])`
  if (which === 'first')
    return `multiIf(notEmpty(outcomes) and outcomes[1].1 >= ${at}, [(${back('outcomes[1].1')}, outcomes[1].1, true, outcomes[1].2)],
      empty(outcomes) and ${isSeen}, ${lost('toUInt64(0)')}, ${none})`
  const won = `arrayFilter(one -> one.2 >= ${at}, arrayMap((outcome, before) ->
      (greatest(${back('outcome.1')}, before.1), outcome.1, true, outcome.2),
      outcomes, arrayShiftRight(outcomes, 1, (toUInt64(0), toUInt64(0)))))`
  return `multiIf(notEmpty(outcomes) and outcomes[-1].1 >= ${at}, ${won},
    ${isSeen}, ${lost('if(empty(outcomes), toUInt64(0), outcomes[-1].1)')}, ${none})`
}
