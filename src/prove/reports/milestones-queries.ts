/** What the report of milestones asks the lens: how many people there are, and a pass over the touchpoints. */
import { kindsNotOfPeople } from './steps.ts'
import type { ReportContext } from '../report.ts'

/** Times in milliseconds since 1970. */
export interface PersonRow {
  /** First arrival; 9e15 where there was none. */
  readonly came: number
  /** Kinds of touchpoints, and when each was there first. */
  readonly kinds: readonly string[]
  readonly firsts: readonly number[]
}

/** More persons than these make intervals narrower than anybody needs, and the answer late. */
const mostPeople = 6_000
/** Kinds that are looked at; of these the model takes those with the most behind them. */
const mostKinds = 40

const ofSample = `cityHash64(party_id) % {one_in: UInt32} = 0`

export async function sampleOf({ rows, scope }: ReportContext): Promise<number> {
  const [counted] = await rows<{ people: number }>(
    `select count() as people from ${scope.parties} where kind = 'person'`,
  )
  return Math.max(1, Math.ceil((counted?.people ?? 0) / mostPeople))
}

/** One pass over the touchpoints of the sample: of each person when each kind was first done. */
export async function personRows(
  { rows, scope }: ReportContext,
  { oneIn, rungs }: { readonly oneIn: number; readonly rungs: readonly string[] },
): Promise<PersonRow[]> {
  return rows<PersonRow>(
    `select h.kinds as kinds, h.firsts as firsts, p.came as came
     from (select party_id, groupArray(toString(kind)) as kinds, groupArray(first) as firsts
       from (select party_id, kind, toUnixTimestamp64Milli(min(occurred_at)) as first
         from ${scope.past} where ${ofSample} group by party_id, kind)
       group by party_id) as h
     inner join (select party_id,
         arrayMin(arrayPushBack(arrayMap(at -> toUnixTimestamp64Milli(at),
           arrayFilter((at, what, rung) -> what = 'rung' and has({rungs: Array(String)}, rung),
             move_at, move_what, move_to)), toInt64(9e15))) as came
       from ${scope.parties} where kind = 'person' and ${ofSample}) as p using (party_id)`,
    { one_in: oneIn, rungs },
  )
}

/** Kinds that most of them did themselves, most common first. */
export function commonKinds(people: readonly PersonRow[]): string[] {
  const counts = new Map<string, number>()
  for (const { kinds } of people)
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  for (const kind of kindsNotOfPeople) counts.delete(kind)
  return [...counts]
    .sort(([a, many], [b, others]) => others - many || (a < b ? -1 : 1))
    .slice(0, mostKinds)
    .map(([kind]) => kind)
}
