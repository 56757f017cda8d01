/**
 * Which milestones raise the hazard of an outcome, such as becoming an advocate: a Cox model whose
 * covariates are 0 until a milestone is reached and 1 from then on, all milestones at once, so that
 * each is held against the others. Nobody's time before a milestone counts for it (no immortal time).
 * Errors are robust, the rows of a person being one observation.
 *
 * Of many milestones some would stand out by chance: p values are adjusted by Benjamini and Hochberg
 * (JRSS B 57, 1995), and of the R of m that are chosen at that rate q the intervals have the level
 * 1 - R q / m, so that on average at most a share q of them misses (Y. Benjamini and D. Yekutieli,
 * Journal of the American Statistical Association 100, 2005).
 *
 * It is what goes together, not what causes: who is about to become an advocate may reach milestones
 * for that reason.
 */
import { RapportError } from '../domain/error.ts'
import { benjaminiHochberg } from '../math/benjamini-hochberg.ts'
import { usualConfidence, type Interval } from '../math/interval.ts'
import { normalCdf, twoSidedDeviate } from '../math/normal.ts'
import { fitCox, type CoxFit } from '../math/cox/fit-cox.ts'
import { toldApart } from './milestones-told-apart.ts'
import { onlyMilestones, type MilestoneRows } from './milestone-rows.ts'

export interface Milestone {
  readonly name: string
  /** What stands behind it. */
  readonly support: MilestoneSupport
  /** Another milestone that it always comes with: the two cannot be told apart. Null without one. */
  readonly sameAs: string | null
  /** Null where there is too little to say anything, or where it is the same as another. */
  readonly effect: MilestoneEffect | null
}

export interface MilestoneSupport {
  /** Persons watched for some time after it; of these, how many had the event. */
  readonly people: number
  readonly eventsAfter: number
  /** Events of persons who had not reached it. */
  readonly eventsBefore: number
  /** Time watched after and before it, of all persons, in the unit of the rows. */
  readonly timeAfter: number
  readonly timeBefore: number
}

export interface MilestoneEffect extends Interval {
  /** How many times as likely the event is at any moment, once it is reached; others being equal. */
  readonly hazardRatio: number
  readonly p: number
  /** The p value among so many questions: of those below q, a share of q is expected to be chance. */
  readonly adjusted: number
  /** Whether `adjusted` is at most 1 - confidence. */
  readonly stands: boolean
  /** The interval for those that stand, made wider by having been chosen; else the usual one. */
  readonly chosen: Interval
}

export interface Milestones {
  readonly milestones: readonly Milestone[]
  readonly people: number
  readonly events: number
  /** The model behind it; null where no milestone has enough support. */
  readonly fit: CoxFit | null
}

export interface MilestoneOptions {
  readonly confidence?: number
  /** Events after and before a milestone that it takes to be looked at. */
  readonly leastEvents?: number
  /** Milestones in one model; the rest, with less behind them, are left out. */
  readonly most?: number
}

/**
 * Ten events for each coefficient is the usual rule (P. Peduzzi et al., Journal of Clinical
 * Epidemiology 48, 1995); five on each side is where intervals still hold (E. Vittinghoff and C. E.
 * McCulloch, American Journal of Epidemiology 165, 2007).
 */
const usualLeast = 5

/** @throws RapportError invalid_analysis where nobody had the event, or rows are no rows. */
export function milestoneEffects(
  rows: MilestoneRows,
  names: readonly string[],
  options: MilestoneOptions = {},
): Milestones {
  const { confidence = usualConfidence, leastEvents = usualLeast, most = 40 } = options
  if (rows.reached.length !== names.length)
    throw new RapportError('invalid_analysis', 'There must be a name for each milestone.')
  const supports = rows.reached.map((column) => supportOf(rows, column))
  const counts = {
    people: new Set(rows.person).size,
    events: rows.event.reduce((sum, one) => sum + one, 0),
  }
  const weakest = (m: number): number => {
    const { eventsAfter, eventsBefore } = supports[m] ?? nothing
    return Math.min(eventsAfter, eventsBefore)
  }
  // No more questions than events can answer: those with the most behind them.
  const { chosen, sameAs } = toldApart(
    rows,
    [...names.keys()]
      .filter((m) => weakest(m) >= leastEvents)
      .sort((a, b) => weakest(b) - weakest(a)),
    Math.min(most, Math.floor(counts.events / leastEvents)),
  )
  const bare = (m: number): Milestone => ({
    ...{ name: names[m] ?? '', support: supports[m] ?? nothing, effect: null },
    sameAs: names[sameAs.get(m) ?? -1] ?? null,
  })
  if (chosen.length === 0) return { milestones: names.map((_, m) => bare(m)), ...counts, fit: null }
  const { start, stop, event, person, reached } = onlyMilestones(rows, chosen)
  const { fit } = fitCox(
    { start, stop, event, names: chosen.map((m) => names[m] ?? ''), covariates: reached },
    { clusters: person },
  )
  const effects = effectsOf(fit, confidence)
  return {
    milestones: names.map((_, m) => ({ ...bare(m), effect: effects[chosen.indexOf(m)] ?? null })),
    ...{ ...counts, fit },
  }
}

function effectsOf({ coefficients, errors }: CoxFit, confidence: number): MilestoneEffect[] {
  const chances = errors.map((error, j) =>
    error > 0 ? 2 * normalCdf(-Math.abs((coefficients[j] ?? 0) / error)) : 1,
  )
  const adjusted = benjaminiHochberg(chances)
  const rate = 1 - confidence
  const standing = adjusted.reduce((count, one) => count + Number(one <= rate), 0)
  const interval = (j: number, level: number): Interval => {
    const [value, spread] = [coefficients[j] ?? 0, twoSidedDeviate(level) * (errors[j] ?? 0)]
    return { low: Math.exp(value - spread), high: Math.exp(value + spread) }
  }
  return Array.from(coefficients, (value, j) => {
    const stands = (adjusted[j] ?? 1) <= rate
    return {
      ...{ hazardRatio: Math.exp(value), ...interval(j, confidence) },
      ...{ p: chances[j] ?? 1, adjusted: adjusted[j] ?? 1, stands },
      chosen: interval(j, stands ? 1 - (standing * rate) / chances.length : confidence),
    }
  })
}

const nothing: MilestoneSupport = {
  ...{ people: 0, eventsAfter: 0, eventsBefore: 0, timeAfter: 0, timeBefore: 0 },
}

function supportOf({ person, start, stop, event }: MilestoneRows, reached: Float64Array) {
  const people = new Set<number>()
  let [eventsAfter, eventsBefore, timeAfter, timeBefore] = [0, 0, 0, 0]
  for (let i = 0; i < reached.length; i++) {
    const length = (stop[i] ?? 0) - (start[i] ?? 0)
    if (reached[i]) {
      people.add(person[i] ?? 0)
      timeAfter += length
      eventsAfter += event[i] ?? 0
    } else {
      timeBefore += length
      eventsBefore += event[i] ?? 0
    }
  }
  return { people: people.size, eventsAfter, eventsBefore, timeAfter, timeBefore }
}
