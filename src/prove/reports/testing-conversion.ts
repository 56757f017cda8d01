/** Funnels, cohorts and paths worked out one person at a time from the truth store: slow and plain. */
import { kindsNotOfPeople } from './steps.ts'
import type { TestTruth } from '../../store/testing.ts'

export interface Seen {
  readonly at: number
  readonly kind: string
  readonly channel: string
  readonly campaign: string
  readonly amount: number
  /** The rung that was come to, from below it; then it is no touchpoint. */
  readonly rungs: readonly string[]
}
export type People = ReadonlyMap<string, readonly Seen[]>

/** What everybody did, and the rungs that they reached, in the order of time. */
export async function readPeople({ pool }: TestTruth, rungs: readonly string[]): Promise<People> {
  const people = new Map<string, Seen[]>()
  const add = (party: string, seen: Seen): void => {
    const list = people.get(party) ?? []
    people.set(party, list)
    list.push(seen)
  }
  const touchpoints = await pool.query<Omit<Seen, 'at' | 'rungs'> & { party: string; at: Date }>(
    `select i.party_id as party, t.occurred_at as at, t.kind, t.channel,
       coalesce(t.context->'campaign'->>'name', '') as campaign, coalesce(t.amount_minor, 0)::float8 as amount
     from touchpoint t join identifier i using (subject_id) where not t.bot`,
  )
  for (const { party, at, ...row } of touchpoints.rows)
    add(party, { ...row, at: at.getTime(), rungs: [] })
  const moves = await pool.query<{ party: string; at: Date; from: string | null; to: string }>(
    `select party_id as party, at, from_value as from, to_value as to from transition
     join party p on p.id = party_id where what = 'rung' and p.kind = 'person'`,
  )
  for (const { party, at, from, to } of moves.rows) {
    const reached = rungs.slice(rungs.indexOf(from ?? '') + 1, rungs.indexOf(to) + 1)
    add(party, {
      ...{ at: at.getTime(), kind: '', channel: '', campaign: '', amount: 0 },
      rungs: reached,
    })
  }
  for (const list of people.values()) list.sort((a, b) => a.at - b.at)
  return people
}

/** Whether something seen fulfils a step that is only a kind, `any`, or a rung. */
export const fulfils = ({ kind, rungs }: Seen, step: string): boolean =>
  step.startsWith('rung:')
    ? rungs.includes(step.slice(5))
    : step === 'any'
      ? kind !== '' && !(kindsNotOfPeople as readonly string[]).includes(kind)
      : kind === step

export const masksOf = (seen: readonly Seen[], steps: readonly string[]): number[] =>
  seen.map((one) => steps.reduce((mask, step, s) => mask + (fulfils(one, step) ? 2 ** s : 0), 0))

/** In any order, by trying every end of a window. */
export function anyOrderLevel(
  events: { readonly times: readonly number[]; readonly fulfils: readonly number[] },
  { stepCount, window }: { readonly stepCount: number; readonly window: number },
): number {
  return Math.max(
    0,
    ...events.times.map((end) => {
      const within = events.fulfils.filter(
        (_, i) => (events.times[i] ?? 0) <= end && (events.times[i] ?? 0) >= end - window,
      )
      const all = within.reduce((mask, one) => mask | one, 0)
      const missing = Array.from({ length: stepCount }, (_, s) => s).find((s) => !(all & (1 << s)))
      return missing ?? stepCount
    }),
  )
}

export interface PlainPath {
  readonly steps: readonly string[]
  /** Days before the end, of each step. */
  readonly ages: readonly number[]
  readonly won: boolean
}

interface PathOptions {
  readonly outcome: string
  readonly from: number
  readonly to: number
  readonly lookback: number
  readonly which: 'first' | 'each'
  readonly isTouch: (seen: Seen) => boolean
  readonly nameOf: (seen: Seen) => string
  /** Which of two touches of one time comes first: the lesser. */
  readonly orderOf: (seen: Seen) => number
  readonly longest: number
}

/** One path an outcome, and one of everybody who was touched in the period and had none. */
export function plainPaths(people: People, options: PathOptions): PlainPath[] {
  const { outcome, from, to, lookback, which, isTouch, longest, nameOf, orderOf } = options
  return [...people.values()].flatMap((all) => {
    const seen = all.filter(({ at }) => at < to)
    const outcomes = seen.filter((one) => fulfils(one, outcome)).map(({ at }) => at)
    const touches = seen.filter(
      (one) => one.kind !== '' && isTouch(one) && !fulfils(one, outcome) && one.at >= from - lookback, // prettier-ignore
    )
    touches.sort((a, b) => a.at - b.at || orderOf(a) - orderOf(b))
    const path = (after: number, end: number, won: boolean): PlainPath => {
      const own = touches.filter(({ at }) => at >= after && at < end)
      const runs = own.filter((one, i) => {
        const next = own[i + 1]
        return next === undefined || nameOf(next) !== nameOf(one)
      })
      const kept = runs.length > longest ? [...runs.slice(0, 1), ...runs.slice(1 - longest)] : runs
      return {
        steps: kept.map(nameOf),
        ages: kept.map(({ at }) => (end - at) / 86_400_000),
        won,
      }
    }
    const last = touches.at(-1)?.at
    const lost = (after: number): PlainPath[] =>
      last === undefined || last < from ? [] : [path(Math.max(last - lookback, after), to, false)]
    const [first] = outcomes
    if (which === 'first') {
      if (first === undefined) return lost(0)
      return first < from ? [] : [path(first - lookback, first, true)]
    }
    const inPeriod = outcomes.filter((at) => at >= from)
    if (inPeriod.length === 0) return lost(outcomes.at(-1) ?? 0)
    return outcomes.flatMap((at, i) =>
      at < from ? [] : [path(Math.max(at - lookback, outcomes[i - 1] ?? 0), at, true)],
    )
  })
}
