/** Who was met in a period, by where they came from or where we met them. One pass over what went before. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { choiceKindsOf } from './loyalty-loop.ts'
import { visitKinds } from './visit-kinds.ts'
import type { ReportContext } from '../report.ts'
import type { TimeSteps } from './time-steps.ts'

export type ReachKey = 'came' | 'channel' | 'campaign'

/** People of one key who have (or lack) a persona that fits. */
export interface ReachRow {
  readonly kind: 'channel' | 'campaign'
  readonly id: string
  /** Best persona where it fits as well as the model asks, else empty. */
  readonly persona: string
  readonly people: number
  readonly visits: number
  readonly customers: number
  /** People met in each step. */
  readonly met: number[]
  /** People who were watched long enough, by on how many days they came at least (from 1). */
  readonly came: number[]
}

/** Days that are counted of a person's coming again. */
export const mostTimes = 12

/**
 * How somebody came: the campaign of the first touchpoint that carried one, else the channel of the
 * very first touchpoint. Where we met somebody: every channel (or campaign) of the period, so a person
 * may be met in several.
 */
export async function reachRows(
  context: ReportContext,
  key: ReachKey,
  { steps, withinDays }: { readonly steps: TimeSteps; readonly withinDays: number },
): Promise<ReachRow[]> {
  const { scope, model, rows } = context
  const isCame = key === 'came'
  const inPeriod = `occurred_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')`
  const chose = `kind in {choice_kinds: Array(String)}`
  const place = `toUInt8(intDiv(toUnixTimestamp(occurred_at) - {first: UInt32}, {step: UInt32}))`
  const perPerson = isCame
    ? `argMin(channel, occurred_at) as first_channel,
       argMinIf(campaign, occurred_at, campaign != '') as first_campaign,
       if(first_campaign != '', first_campaign, first_channel) as id,
       if(first_campaign != '', 'campaign', 'channel') as key_kind,
       countIf(${chose}) > 0 as is_customer`
    : `'${key}' as key_kind, party_id in (select party_id from ${scope.past} where ${chose}) as is_customer`
  return rows<ReachRow>(
    `select key_kind as kind, id, ifNull(p.fitting, '') as persona,
       count() as people, sum(visits) as visits, countIf(is_customer) as customers,
       sumForEach(arrayMap(step -> toUInt32(bitTest(met, step)), range(${steps.at.length}))) as met,
       sumForEachIf(arrayMap(n -> toUInt32(days >= n), range(1, ${mostTimes + 1})),
         notEmpty(seen) and first_day + {within: UInt16} <= {end_day: UInt16}) as came
     from (
       select party_id, key_kind, id, is_customer, visits, met, seen,
         toUInt16(arrayMin(seen)) as first_day,
         arrayCount(day -> day < first_day + {within: UInt16}, seen) as days
       from (
         select party_id, ${isCame ? '' : `toString(${key}) as id,`} ${perPerson},
           groupBitOrIf(bitShiftLeft(toUInt64(1), ${place}), ${inPeriod}) as met,
           countIf(is_visit and ${inPeriod}) as visits,
           groupUniqArrayIf(toUInt16(toDate(occurred_at)), is_visit and ${inPeriod}) as seen
         from (select party_id, channel, campaign, occurred_at, kind,
             kind in {visit_kinds: Array(String)} as is_visit
           from ${isCame ? scope.past : scope.history}${key === 'campaign' ? ` where campaign != ''` : ''})
         group by party_id${isCame ? '' : ', id'} having met > 0)
     ) as m
     inner join (select party_id as found, if(persona_fit >= {qualified_from: Float64}, persona, '') as fitting
       from ${scope.parties} where kind = 'person') as p on p.found = m.party_id
     group by kind, id, persona`,
    {
      first: scope.from / 1000,
      step: (steps.days * dayMilliseconds) / 1000,
      within: withinDays,
      end_day: scope.to / dayMilliseconds,
      qualified_from: model.declared.qualified_from,
      choice_kinds: choiceKindsOf(model),
      visit_kinds: visitKinds,
    },
  )
}
