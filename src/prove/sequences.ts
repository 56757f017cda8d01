/**
 * The ways that people go: journeys with repeats collapsed (a a b is a b) and cut, counted. Each with
 * the share that reached the outcome and its Wilson interval.
 */
import { proportion } from '../math/binomial-interval.ts'
import { usualConfidence, type Estimate } from '../math/interval.ts'
import { checkJourneys, type Journeys } from './journeys.ts'

export interface Sequence {
  readonly steps: readonly string[]
  /** True where the journey went on, or had begun before, and was cut. */
  readonly isCut: boolean
  readonly count: number
  readonly reached: number
  readonly share: Estimate
}

export interface SequenceOptions {
  /** Steps that are kept of a journey. */
  readonly longest?: number
  /** Which steps: the first ones, or the last ones before the outcome. */
  readonly keep?: 'first' | 'last'
  readonly most?: number
  readonly confidence?: number
}

/** The most common first; equally common ones by their steps, so that the order never changes. */
export function commonSequences(
  journeys: Journeys,
  { longest = 6, keep = 'first', most = 50, confidence = usualConfidence }: SequenceOptions = {},
): Sequence[] {
  checkJourneys(journeys)
  const { names, reached } = journeys
  const counts = new Map<string, { steps: number[]; isCut: boolean; count: number; won: number }>()
  for (let j = 0; j < reached.length; j++) {
    const { steps, isCut } = cutJourney(journeys, j, { longest, keep })
    let key = isCut ? '1' : '0'
    for (const step of steps) key += String.fromCodePoint(step)
    let entry = counts.get(key)
    if (!entry) counts.set(key, (entry = { steps, isCut, count: 0, won: 0 }))
    entry.count++
    if (reached[j]) entry.won++
  }
  return [...counts]
    .sort(([a, { count }], [b, other]) => other.count - count || (a < b ? -1 : 1))
    .slice(0, most)
    .flatMap(([, { steps, isCut, count, won }]) => {
      const share = proportion(won, count, confidence)
      const words = steps.map((step) => names[step] ?? '')
      return share === null ? [] : [{ steps: words, isCut, count, reached: won, share }]
    })
}

/** What is kept of journey j, and where its first kept step stands in `steps`. */
export function cutJourney(
  { steps, offsets }: Journeys,
  j: number,
  { longest, keep }: { readonly longest: number; readonly keep: 'first' | 'last' },
): { steps: number[]; isCut: boolean; first: number } {
  const from = offsets[j] ?? 0
  const to = offsets[j + 1] ?? 0
  const kept: number[] = []
  let first = from
  for (let i = 0; i < to - from; i++) {
    const step = (keep === 'first' ? steps[from + i] : steps[to - 1 - i]) ?? 0
    if (step === kept.at(-1)) continue
    if (kept.length === longest) return { steps: ordered(kept, keep), isCut: true, first }
    kept.push(step)
    if (keep === 'last') first = to - 1 - i
  }
  return { steps: ordered(kept, keep), isCut: false, first }
}

const ordered = (steps: number[], keep: 'first' | 'last'): number[] =>
  keep === 'first' ? steps : steps.toReversed()
