/**
 * How far people come in a funnel: the longest chain of events that fulfil step 1, 2, .. in this
 * order, all within `window` after the first. Written as the definition reads, to hold the lens's
 * `windowFunnel` (ClickHouse, without a mode) equal; equal times are taken in the order of the steps,
 * as there. Its window has the unit of its time: give it `toUInt64(toUnixTimestamp64Milli(at))` for
 * milliseconds. Other events may lie between two steps.
 *
 * Of several beginnings the latest that reached a step leaves most of the window, so one value a
 * step suffices: the latest beginning of a chain that came so far.
 */
import { RapportError } from '../domain/error.ts'
import { proportion } from '../math/binomial-interval.ts'
import { usualConfidence, type Estimate } from '../math/interval.ts'

/** Events of one person. */
export interface FunnelEvents {
  /** In any one unit, in any order. */
  readonly times: ArrayLike<number>
  /** Bit s is set where the event fulfils step s (the first is bit 0); an event may fulfil several. */
  readonly fulfils: ArrayLike<number>
}

export interface FunnelOptions {
  readonly stepCount: number
  /** Unit of `times`; the last step may be just so much later than the first. */
  readonly window: number
}

export const mostFunnelSteps = 31

/** 0 where not even the first step was taken. */
export function funnelLevel(events: FunnelEvents, options: FunnelOptions): number {
  const { stepCount, window } = options
  if (!(Number.isInteger(stepCount) && stepCount >= 1 && stepCount <= mostFunnelSteps))
    throw new RapportError('invalid_analysis', `A funnel has 1 to ${mostFunnelSteps} steps.`)
  if (!(window >= 0)) throw new RapportError('invalid_analysis', 'The window must be from 0.')
  /** Of each step: the latest beginning of a chain that came so far. */
  const began = new Float64Array(stepCount).fill(-Infinity)
  let level = 0
  for (const { time, step } of inOrder(events, stepCount)) {
    const beginning = step === 0 ? time : (began[step - 1] ?? -Infinity)
    if (time > beginning + window) continue
    began[step] = beginning
    level = Math.max(level, step + 1)
  }
  return level
}

function inOrder({ times, fulfils }: FunnelEvents, stepCount: number) {
  const taken: { time: number; step: number }[] = []
  for (let i = 0; i < times.length; i++) {
    for (let step = 0; step < stepCount; step++) {
      if ((fulfils[i] ?? 0) & (1 << step)) taken.push({ time: times[i] ?? 0, step })
    }
  }
  return taken.sort((a, b) => a.time - b.time || a.step - b.step)
}

export interface FunnelStep {
  readonly name: string
  /** People who came here or farther. */
  readonly count: number
  /** Of those who took the first step; null where nobody did. */
  readonly ofFirst: Estimate | null
  /** Of those who took the step before. */
  readonly ofPrevious: Estimate | null
}

/**
 * @param levels How many people came just so far, by level from 0 (`windowFunnel` grouped and
 * counted); levels that are not there count nobody.
 */
export function funnelSteps(
  names: readonly string[],
  levels: ArrayLike<number>,
  confidence = usualConfidence,
): FunnelStep[] {
  const counts = names.map(() => 0)
  let beyond = 0
  for (let step = names.length - 1; step >= 0; step--) {
    beyond += levels[step + 1] ?? 0
    counts[step] = beyond
  }
  return names.map((name, step) => {
    const count = counts[step] ?? 0
    return {
      ...{ name, count },
      ofFirst: proportion(count, counts[0] ?? 0, confidence),
      ofPrevious: step === 0 ? null : proportion(count, counts[step - 1] ?? 0, confidence),
    }
  })
}
