/** What the question of which content moved people up asks the lens. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { contentKinds } from './visit-kinds.ts'
import type { ReportContext } from '../report.ts'

/** People are put into so many groups by chance, for the jackknife. */
export const contentGroups = 20
/** A rise counts within so many days of the last piece of the week. */
export const riseDays = 30
/** Names that are looked at: those with most readers. As many as fit into 64 bits with room. */
const mostNames = 40
/** Weeks with more pieces are one stratum. */
const mostPieces = 3

export interface Reader {
  readonly name: string
  readonly people: number
}

export const contentReaders = (
  { scope, rows }: ReportContext,
  of: 'series' | 'title',
): Promise<Reader[]> =>
  rows<Reader>(
    `select toString(${columnOf(of)}) as name, uniqExact(cityHash64(party_id)) as people from ${scope.history}
     where ${columnOf(of)} != '' and kind in {content_kinds: Array(String)}
     group by ${columnOf(of)} order by people desc, name limit ${mostNames}`,
    { content_kinds: contentKinds },
  )

const columnOf = (of: 'series' | 'title'): string => (of === 'series' ? 'series' : 'content')

/** Weeks of people in one stratum and one group of people. */
export interface ContentWeeks {
  readonly group: number
  readonly month: number
  readonly rung: string
  readonly persona: string
  readonly pieces: number
  readonly weeks: number
  readonly rose: number
  /** Of these, for each name, weeks with it, and those followed by a rise. */
  readonly with_it: number[]
  readonly rose_with_it: number[]
}

interface WeeksQuestion {
  readonly of: 'series' | 'title'
  readonly names: readonly string[]
  /** Rungs to which a rise counts. */
  readonly rise: readonly string[]
  /** One in so many people is looked at. */
  readonly oneIn: number
}

export async function contentWeeks(
  { scope, model, rows }: ReportContext,
  { of, names, rise, oneIn }: WeeksQuestion,
): Promise<ContentWeeks[]> {
  // Whoever read in the last days of the period has not been watched for long enough.
  const until = scope.to - riseDays * dayMilliseconds
  if (names.length === 0 || until <= scope.from) return []
  const places = names.map((_, index) => index).join(', ')
  return rows<ContentWeeks>(
    `select toUInt8(cityHash64(party_id) % ${contentGroups}) as group, month, rung, persona,
       least(read, ${mostPieces}) as pieces, count() as weeks, countIf(rose_after) as rose,
       sumForEach(arrayMap(i -> toUInt32(bitTest(names, i)), range(${names.length}))) as with_it,
       sumForEach(arrayMap(i -> toUInt32(bitTest(names, i) and rose_after), range(${names.length}))) as rose_with_it
     from (
       select party_id, intDiv(week, 4) as month, names, read, p.fitting as persona,
         arrayLastIndex(time -> time <= last, p.times) as place,
         if(place = 0, '', p.rungs[place]) as rung,
         arrayExists(time -> time > last and time <= last + ${riseDays * 86_400}, p.rises) as rose_after
       from (
         select party_id, toUInt16(intDiv(toUnixTimestamp(occurred_at) - {first: UInt32}, 604800)) as week,
           groupBitOr(bitShiftLeft(toUInt64(1), name_place)) as names, count() as read,
           toUInt32(max(toUnixTimestamp(occurred_at))) as last
         from (select party_id, occurred_at,
             toUInt8(transform(${columnOf(of)}, {names: Array(String)}, [${places}], 64)) as name_place
           from ${scope.history}
           where ${columnOf(of)} in {names: Array(String)} and kind in {content_kinds: Array(String)}
             and occurred_at < fromUnixTimestamp64Milli({watched_until: Int64}, 'UTC')
             and cityHash64(party_id, 'content') % {one_in: UInt32} = 0)
         group by party_id, week) as w
       left any join (
         select party_id, if(persona_fit >= {qualified_from: Float64}, persona, '') as fitting,
           arrayFilter((at, what) -> what = 'rung', arrayMap(at -> toUnixTimestamp(at), move_at), move_what) as times,
           arrayFilter((to, what) -> what = 'rung', move_to, move_what) as rungs,
           arrayFilter((at, what, to, direction) ->
               what = 'rung' and direction = 1 and to in {rise: Array(String)},
             arrayMap(at -> toUnixTimestamp(at), move_at), move_what, move_to, move_direction) as rises
         from ${scope.parties} where kind = 'person'
           and cityHash64(party_id, 'content') % {one_in: UInt32} = 0) as p using party_id)
     group by group, month, rung, persona, pieces`,
    {
      names,
      rise,
      first: scope.from / 1000,
      watched_until: until,
      one_in: oneIn,
      qualified_from: model.declared.qualified_from,
      content_kinds: contentKinds,
    },
  )
}
