/** What the report of milestones asks the lens: a pass to choose the kinds, a pass over the people. */
import { kindsNotOfPeople } from './steps.ts'
import type { ReportContext } from '../report.ts'

/** Times in milliseconds since 1970; 0 where it never happened. */
export interface PersonRow {
  readonly first: number
  readonly came: number
  readonly reached: readonly number[]
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

/** Kinds of touchpoints that most people did themselves, most common first. */
export async function commonKinds(context: ReportContext, oneIn: number): Promise<string[]> {
  const found = await context.rows<{ kind: string }>(
    `select toString(kind) as kind, uniq(party_id) as people from ${context.scope.past}
     where ${ofSample} and kind not in {not: Array(String)}
     group by kind order by people desc, kind limit {most: UInt8}`,
    { one_in: oneIn, not: kindsNotOfPeople, most: mostKinds },
  )
  return found.map(({ kind }) => kind)
}

/** Of each person when it was first met, first came to one of these rungs, first did each of these. */
export async function personRows(
  { rows, scope }: ReportContext,
  asked: {
    readonly oneIn: number
    readonly kinds: readonly string[]
    readonly rungs: readonly string[]
  },
): Promise<PersonRow[]> {
  const { oneIn, kinds, rungs } = asked
  const firsts = kinds.map((_, k) => `minIf(at, kind = {kind${k}: String})`)
  return rows<PersonRow>(
    `select h.first as first, h.reached as reached, p.came as came
     from (select party_id, min(at) as first, [${firsts.join(', ')}] as reached
       from (select party_id, kind, toUnixTimestamp64Milli(occurred_at) as at
         from ${scope.past} where ${ofSample}) group by party_id) as h
     inner join (select party_id,
         arrayMin(arrayPushBack(arrayMap(at -> toUnixTimestamp64Milli(at),
           arrayFilter((at, what, rung) -> what = 'rung' and has({rungs: Array(String)}, rung),
             move_at, move_what, move_to)), toInt64(9e15))) as came
       from ${scope.parties} where kind = 'person' and ${ofSample}) as p using (party_id)`,
    {
      one_in: oneIn,
      rungs,
      ...Object.fromEntries(kinds.map((kind, k) => [`kind${k}`, kind])),
    },
  )
}
