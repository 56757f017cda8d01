/** Who was met in a period, by where they came from or where we met them. One pass over what went before. */
import { channels } from '../../domain/touchpoint-kind.ts'
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

/** A number for a campaign, above those of channels. */
const firstCampaign = 65_536
const campaignKey = `bitOr(cityHash64(campaign), toUInt64(${firstCampaign}))`

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
  // Numbers in place of names, and one least in place of two: what carries a campaign comes before all else.
  const perPerson = isCame
    ? `argMin(if(campaign != '', ${campaignKey}, toUInt64(transform(channel, {channels: Array(String)}, {channel_places: Array(UInt16)}, 0))),
         toUnixTimestamp64Milli(occurred_at) + if(campaign != '', 0, ${2 ** 50})) as key,
       if(key >= ${firstCampaign}, 'campaign', 'channel') as key_kind, max(${chose}) as is_customer`
    : `'${key}' as key_kind, party_id in (select party_id from ${scope.past} where ${chose}) as is_customer`
  const days = Array.from({ length: mostTimes }, (_, n) => n + 1)
  const people = `select key_kind, ${isCame ? 'key' : 'id'}, ifNull(p.fitting, '') as persona,
       count() as people, sum(visits) as visits, countIf(is_customer) as customers,
       [${steps.at.map((_, step) => `countIf(bitTest(met, ${step}))`).join(', ')}] as met,
       [${days.map((n) => `countIf(is_watched and days >= ${n})`).join(', ')}] as came
     from (
       select party_id, key_kind, ${isCame ? 'key' : 'id'}, is_customer, length(seen) as visits, met,
         toUInt16(arrayMin(seen)) as first_day,
         arrayUniq(arrayFilter(day -> day < first_day + {within: UInt16}, seen)) as days,
         notEmpty(seen) and first_day + {within: UInt16} <= {end_day: UInt16} as is_watched
       from (
         select party_id, ${isCame ? '' : `toString(${key}) as id,`} ${perPerson},
           groupBitOrIf(bitShiftLeft(toUInt64(1), ${place}), ${inPeriod}) as met,
           groupArrayIf(toUInt16(toDate(occurred_at)), is_visit and ${inPeriod}) as seen
         from (select party_id, channel, campaign, occurred_at, kind,
             kind in {visit_kinds: Array(String)} as is_visit
           from ${isCame ? scope.past : scope.history}${key === 'campaign' ? ` where campaign != ''` : ''})
         group by party_id${isCame ? '' : ', id'} having met > 0)
     ) as m
     inner join (select party_id as found, if(persona_fit >= {qualified_from: Float64}, persona, '') as fitting
       from ${scope.parties} where kind = 'person') as p on p.found = m.party_id
     group by key_kind, ${isCame ? 'key' : 'id'}, persona`
  const named = `select key_kind as kind, if(key_kind = 'campaign', toString(c.name), {channels: Array(String)}[key]) as id,
       persona, people, visits, customers, met, came
     from (${people}) as g
     left any join (select ${campaignKey} as hash, campaign as name from ${scope.past} where campaign != '' group by campaign) as c
       on c.hash = g.key`
  return rows<ReachRow>(
    isCame ? named : `select key_kind as kind, * except (key_kind) from (${people})`,
    {
      first: scope.from / 1000,
      step: (steps.days * dayMilliseconds) / 1000,
      within: withinDays,
      end_day: scope.to / dayMilliseconds,
      qualified_from: model.declared.qualified_from,
      channels,
      channel_places: channels.map((_, index) => index + 1),
      choice_kinds: choiceKindsOf(model),
      visit_kinds: visitKinds,
    },
  )
}
