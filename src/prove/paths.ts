/**
 * Which steps made the difference: for each step, and for each pair of steps in their order, how many
 * of those who reached an outcome took it, against how many of those who did not. Lift is the ratio
 * of the two shares with the interval of Katz, p is Fisher's, and since many questions are asked at
 * once, q is p adjusted by Benjamini and Hochberg (1995).
 *
 * This is association: whoever is keen does more of everything. It says where to try, an experiment
 * says what works.
 */
import { benjaminiHochberg } from '../math/benjamini-hochberg.ts'
import { fisherExact } from '../math/fisher-exact.ts'
import { usualConfidence, type Estimate } from '../math/interval.ts'
import { differenceOfProportions, ratioOfProportions } from '../math/two-proportions.ts'
import { checkJourneys, type Journeys } from './journeys.ts'

export interface StepDifference {
  /** One step, or two in their order (not necessarily one right after the other). */
  readonly steps: readonly string[]
  /** Journeys with the step, of all. */
  readonly support: number
  readonly reached: { readonly with: number; readonly of: number }
  readonly others: { readonly with: number; readonly of: number }
  /** How many times as common among those who reached it; half a case added where a cell is empty. */
  readonly lift: Estimate & { readonly isCorrected: boolean }
  /** Difference of the two shares, with the interval of Newcombe. */
  readonly difference: Estimate
  readonly p: number
  readonly q: number
}

export interface DifferenceOptions {
  readonly pairs?: boolean
  /** Steps that fewer journeys took are left out: they can show nothing. */
  readonly leastSupport?: number
  readonly confidence?: number
}

/** Pairs are made of the most common steps only, and of the first distinct ones of a journey. */
export const mostStepsInPairs = 200
const mostDistinctSteps = 64

/** Sorted by p, the surest first. Empty where everybody or nobody reached it: nothing to compare. */
export function stepDifferences(
  journeys: Journeys,
  { pairs = false, leastSupport = 5, confidence = usualConfidence }: DifferenceOptions = {},
): StepDifference[] {
  checkJourneys(journeys)
  const { names, reached } = journeys
  const winners = reached.reduce((sum, one) => sum + (one ? 1 : 0), 0)
  const losers = reached.length - winners
  if (winners === 0 || losers === 0) return []
  const single = countSteps(journeys)
  const counts = [...single.entries(names)]
  if (pairs) counts.push(...countPairs(journeys, single).entries(names))
  const kept = counts.filter((one) => one.won + one.lost >= Math.max(1, leastSupport))
  const p = kept.map(({ won, lost }) =>
    fisherExact({ yesOne: won, noOne: winners - won, yesOther: lost, noOther: losers - lost }),
  )
  const q = benjaminiHochberg(p)
  return kept
    .flatMap(({ steps, won, lost }, i): StepDifference[] => {
      const one = { successes: won, trials: winners }
      const other = { successes: lost, trials: losers }
      const lift = ratioOfProportions(one, other, confidence)
      const difference = differenceOfProportions(one, other, confidence)
      if (lift === null || difference === null) return []
      return [
        {
          ...{ steps, lift, difference, p: p[i] ?? 1, q: q[i] ?? 1 },
          support: (won + lost) / reached.length,
          reached: { with: won, of: winners },
          others: { with: lost, of: losers },
        },
      ]
    })
    .sort((a, b) => a.p - b.p || b.support - a.support)
}

interface Counted {
  readonly steps: readonly string[]
  readonly won: number
  readonly lost: number
}

/** Journeys with each step, or pair of steps (`first * width + second`), by how they ended. */
interface Counts {
  readonly won: Float64Array
  readonly lost: Float64Array
  entries(names: readonly string[]): Iterable<Counted>
}

function countSteps({ names, steps, offsets, reached }: Journeys): Counts {
  const seenIn = new Int32Array(names.length).fill(-1)
  const won = new Float64Array(names.length)
  const lost = new Float64Array(names.length)
  for (let j = 0; j < reached.length; j++) {
    const into = reached[j] ? won : lost
    for (let i = offsets[j] ?? 0; i < (offsets[j + 1] ?? 0); i++) {
      const step = steps[i] ?? 0
      if (seenIn[step] === j) continue
      seenIn[step] = j
      into[step] = (into[step] ?? 0) + 1
    }
  }
  return {
    ...{ won, lost },
    *entries() {
      for (const [i, name] of names.entries())
        yield { steps: [name], won: won[i] ?? 0, lost: lost[i] ?? 0 }
    },
  }
}

/** A journey has the pair (a, b) where some a came before some b. */
function countPairs({ names, steps, offsets, reached }: Journeys, single: Counts): Counts {
  const common = names
    .map((_, step) => step)
    .sort((a, b) => total(single, b) - total(single, a) || a - b)
    .slice(0, mostStepsInPairs)
  const width = common.length
  const placeOf = new Int32Array(names.length).fill(-1)
  common.forEach((step, place) => (placeOf[step] = place))
  const won = new Float64Array(width * width)
  const lost = new Float64Array(width * width)
  const seenIn = new Int32Array(width).fill(-1)
  const first = new Int32Array(width)
  const last = new Int32Array(width)
  const distinct = new Int32Array(mostDistinctSteps)
  for (let j = 0; j < reached.length; j++) {
    const into = reached[j] ? won : lost
    let size = 0
    for (let i = offsets[j] ?? 0; i < (offsets[j + 1] ?? 0); i++) {
      const place = placeOf[steps[i] ?? 0] ?? -1
      if (place < 0) continue
      if (seenIn[place] !== j) {
        if (size === mostDistinctSteps) continue
        seenIn[place] = j
        first[place] = i
        distinct[size++] = place
      }
      last[place] = i
    }
    for (let x = 0; x < size; x++) {
      const a = distinct[x] ?? 0
      for (let y = 0; y < size; y++) {
        const b = distinct[y] ?? 0
        if (x === y || (first[a] ?? 0) > (last[b] ?? 0)) continue
        into[a * width + b] = (into[a * width + b] ?? 0) + 1
      }
    }
  }
  return {
    ...{ won, lost },
    *entries() {
      for (let pair = 0; pair < won.length; pair++) {
        const a = names[common[Math.floor(pair / width)] ?? 0] ?? ''
        const b = names[common[pair % width] ?? 0] ?? ''
        if (total({ won, lost }, pair) > 0)
          yield { steps: [a, b], won: won[pair] ?? 0, lost: lost[pair] ?? 0 }
      }
    },
  }
}

function total({ won, lost }: Pick<Counts, 'won' | 'lost'>, at: number): number {
  return (won[at] ?? 0) + (lost[at] ?? 0)
}
