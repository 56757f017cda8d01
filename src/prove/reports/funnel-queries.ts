/** What a funnel asks the lens. One pass over the period (over all that went before, where broken down). */
import { partyNames } from './party-names.ts'
import { maskOf, stepTests, type Rung, type Step } from './steps.ts'
import type { LensParameter } from '../../store/lens-reader.ts'
import type { ReportContext } from '../report.ts'
import { channels, touchpointKinds } from '../../domain/touchpoint-kind.ts'

export interface FunnelQuestion {
  readonly steps: readonly Step[]
  readonly rungs: readonly Rung[]
  readonly order: 'strict' | 'any'
  /** Milliseconds. */
  readonly window: number
  readonly by: 'channel' | 'campaign' | 'persona' | 'trait' | null
  readonly trait: string
}

type Given = Readonly<Record<string, LensParameter>>

/** Rows that take a step, of the period, with what was asked of them. */
function taken({ scope }: ReportContext, { steps, rungs }: FunnelQuestion): [string, Given] {
  const { tests, parameters } = stepTests(steps, 's', rungs)
  const touched = maskOf(tests.map(({ ofTouchpoint }) => ofTouchpoint))
  const moved = maskOf(tests.map(({ ofMove }) => ofMove))
  const parts = [
    `select party_id, toUInt64(toUnixTimestamp64Milli(occurred_at)) as time, ${touched} as mask, kind from ${scope.history} where mask != 0`,
  ]
  if (steps.some(({ rung }) => rung !== null))
    parts.push(
      `select party_id, toUInt64(toUnixTimestamp64Milli(at)) as time, ${moved} as mask, '' from ${scope.moves} where mask != 0`,
    )
  return [`(${parts.join(' union all ')})`, parameters]
}

/**
 * How far each person came: `windowFunnel` in strict order; in any order a fold that keeps the latest
 * time of each step (`anyOrderChain` says the same in TypeScript).
 */
function levelOf({ steps, order, window }: FunnelQuestion, only?: string): string {
  // Whole numbers of ours: parameters of an aggregate function cannot be named.
  const span = String(Math.round(window))
  if (order === 'strict')
    return `windowFunnel${only ? 'If' : ''}(${span})(time, ${steps.map((_, step) => `bitTest(mask, ${step})`).join(', ')}${only ? `, ${only}` : ''})`
  const latest = `arrayMap((latest, step) -> if(bitTest(event.2, step), event.1, latest), state.1, range(${steps.length}))`
  // A sentinel that is always too old ends the prefix.
  const prefix = `arrayFirstIndex(at -> at + ${span} < event.1, arrayPushBack(${latest}, toUInt64(0))) - 1`
  return `tupleElement(arrayFold((state, event) -> (${latest}, greatest(state.2, toUInt8(${prefix}))),
    arraySort(groupArray${only ? 'If' : ''}((time, mask)${only ? `, ${only}` : ''})), (arrayWithConstant(${steps.length}, toUInt64(0)), toUInt8(0))), 2)`
}

/** Rows of one time are one event, as an order that does not matter has it. */
const eventsOf = (source: string, { order }: FunnelQuestion): string =>
  order === 'strict'
    ? source
    : `(select party_id, time, groupBitOr(mask) as mask from ${source} group by party_id, time)`

interface Level {
  readonly level: number
  readonly name: string
  readonly people: number
}

/** People by how far they came and by what they are broken down by. */
export async function funnelLevels(
  context: ReportContext,
  question: FunnelQuestion,
): Promise<Level[]> {
  if (question.by === 'channel' || question.by === 'campaign')
    return levelsByFirstTouch(context, question)
  const [source, given] = taken(context, question)
  const levels = `select party_id, ${levelOf(question)} as level from ${eventsOf(source, question)} group by party_id having level > 0`
  const own = { ...given, trait: question.trait }
  if (question.by === null)
    return context.rows(`select level, '' as name, count() as people from (${levels}) group by level`, own) // prettier-ignore
  return context.rows(
    `select level, g.name as name, count() as people from (${levels}) as l
     left any join (${traitOfParties(context, question.by)}) as g using (party_id) group by level, name`,
    own,
  )
}

/** Of each person the persona or the trait `{trait}`; empty where it is not known. */
export const traitOfParties = ({ scope }: ReportContext, by: 'persona' | 'trait'): string =>
  by === 'persona'
    ? `select party_id, toString(persona) as name from ${scope.parties}`
    : `select party_id, JSONExtractString(traits, {trait: String}) as name from ${scope.parties}`

/**
 * The same pass finds the first touch: the least of time and place in a list of names, packed into
 * one number. A join of two groupings by person takes four times as long.
 */
async function levelsByFirstTouch(
  context: ReportContext,
  question: FunnelQuestion,
): Promise<Level[]> {
  const { names, packed, parameters } = await firstTouches(context, question.by)
  const { steps, rungs } = question
  const { tests, parameters: own } = stepTests(steps, 's', rungs)
  const isIn = `occurred_at >= fromUnixTimestamp64Milli({scope_from: Int64}, 'UTC')`
  const mask = maskOf(tests.map(({ ofTouchpoint }) => ofTouchpoint))
  const parts = [
    `select party_id, toUInt64(toUnixTimestamp64Milli(occurred_at)) as time, if(${isIn}, ${mask}, 0) as mask, ${packed} as first from ${context.scope.past}`,
  ]
  if (steps.some(({ rung }) => rung !== null))
    parts.push(
      `select party_id, toUInt64(toUnixTimestamp64Milli(at)) as time, ${maskOf(tests.map(({ ofMove }) => ofMove))} as mask, ${notFirst} from ${context.scope.moves} where mask != 0`,
    )
  const union = `(${parts.join(' union all ')})`
  const source =
    question.order === 'strict'
      ? union
      : `(select party_id, time, groupBitOr(mask) as mask, min(first) as first from ${union} group by party_id, time)`
  const rows = await context.rows<{ level: number; code: number; people: number }>(
    `select level, code, count() as people
     from (select party_id, ${levelOf(question, 'mask != 0')} as level,
         if(min(first) = ${notFirst}, 0, toUInt8(bitAnd(min(first), 255))) as code
       from ${source} group by party_id having level > 0)
     group by level, code`,
    { ...own, ...parameters },
  )
  return rows.map(({ level, code, people }) => ({ level, people, name: names[code] ?? '' }))
}

const notFirst = '18446744073709551615'
const mostNames = 250

/** Of a row of the past: when it was and, in the lowest eight bits, the place of its name. */
export async function firstTouches(
  { scope, rows }: ReportContext,
  by: 'channel' | 'campaign' | 'persona' | 'trait' | null,
) {
  const known =
    by === 'channel'
      ? channels.map((name) => ({ name }))
      : await rows<{ name: string }>(
          `select toString(campaign) as name from ${scope.past} where campaign != '' group by campaign order by count() desc, name limit ${mostNames}`,
          {},
        )
  const names = ['', ...known.map(({ name }) => name)]
  const place = `transform(${by === 'channel' ? 'channel' : 'campaign'}, {first_names: Array(String)}, {first_codes: Array(UInt8)}, 0)`
  const packed = `bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(occurred_at)), 8), ${place})`
  return {
    names,
    packed: by === 'channel' ? packed : `if(campaign = '', ${notFirst}, ${packed})`,
    parameters: { first_names: names.slice(1), first_codes: names.slice(1).map((_, i) => i + 1) },
  }
}

export interface Walk {
  /** Of the touchpoints in the period, and of the rungs reached, in the order of time. */
  readonly times: number[]
  readonly masks: number[]
  /** Place in `touchpointKinds` from 1; 0 for a rung. */
  readonly kinds: number[]
}

/** Everything in the period of those who took the first step, of so many thousandths of the people. */
export async function funnelWalks(
  { scope, rows }: ReportContext,
  { steps, rungs }: FunnelQuestion,
  thousandths: number,
): Promise<Walk[]> {
  const { tests, parameters } = stepTests(steps, 's', rungs)
  const drawn = thousandths >= 1000 ? '1' : 'cityHash64(party_id) % 1000 < {thousandths: UInt32}'
  const touched = maskOf(tests.map(({ ofTouchpoint }) => ofTouchpoint))
  const moved = maskOf(tests.map(({ ofMove }) => ofMove))
  const parts = [
    `select party_id, toUnixTimestamp64Milli(occurred_at) as time, ${touched} as mask, transform(kind, {kinds: Array(String)}, {codes: Array(UInt8)}, 0) as code from ${scope.history} where ${drawn}`,
  ]
  if (steps.some(({ rung }) => rung !== null))
    parts.push(
      `select party_id, toUnixTimestamp64Milli(at) as time, ${moved} as mask, 0 as code from ${scope.moves} where mask != 0 and ${drawn}`,
    )
  return rows(
    `select arrayMap(one -> one.1, walk) as times, arrayMap(one -> one.2, walk) as masks,
       arrayMap(one -> one.3, walk) as kinds
     from (select arraySort(groupArray((time, toUInt8(mask), toUInt8(code)))) as walk
       from (${parts.join(' union all ')}) group by party_id having bitAnd(groupBitOr(toUInt8(mask)), 1))`,
    {
      ...parameters,
      thousandths,
      kinds: touchpointKinds,
      codes: touchpointKinds.map((_, i) => i + 1),
    },
  )
}

/** Who came to step `after` and no farther; the latest first. */
export async function funnelDropped(
  context: ReportContext,
  question: FunnelQuestion,
  after: number,
): Promise<{ id: string; name: string; rung: string; at: string }[]> {
  const [source, given] = taken(context, question)
  const latest = await context.rows<{ id: string; at: string }>(
    `select toString(party_id) as id, formatDateTime(fromUnixTimestamp64Milli(toInt64(latest), 'UTC'), '%Y-%m-%dT%H:%i:%SZ') as at
     from (select party_id, ${levelOf(question)} as level, maxIf(time, bitTest(mask, {after: UInt8} - 1)) as latest
       from ${eventsOf(source, question)} group by party_id having level = {after: UInt8} order by latest desc, party_id limit 100)`,
    { ...given, after },
  )
  const named = await partyNames(
    context,
    latest.map(({ id }) => id),
  )
  return latest.map((one) => {
    const { name = '', rung = '' } = named.get(one.id) ?? {}
    return { ...one, name, rung }
  })
}
