/** How people were spread at a fit, and how far they are from it by now. */
import { dayMilliseconds } from '../relationship/duration.ts'
import { spreadOf, stabilityIndex } from './drift.ts'
import type { JobResult, StoredParameters } from './fit-task.ts'

type Named = Readonly<Record<string, ArrayLike<number>>>

export const spreadsOf = (scores: ArrayLike<number>, features: Named): StoredParameters['spreads'] => ({
  scores: spreadOf(scores),
  features: Object.fromEntries(Object.entries(features).map(([id, column]) => [id, spreadOf(column)])),
}) // prettier-ignore

export const driftOf = (
  spreads: StoredParameters['spreads'],
  scores: ArrayLike<number>,
  features: Named,
): JobResult['drift'] => ({
  scores: stabilityIndex(spreads.scores, scores),
  features: Object.fromEntries(
    Object.entries(features).flatMap(([id, column]) => {
      const spread = spreads.features[id]
      return spread === undefined ? [] : [[id, stabilityIndex(spread, column)]]
    }),
  ),
})

/** @param day  counted from 1970 */
export const dayOf = (day: number): string =>
  new Date(day * dayMilliseconds).toISOString().slice(0, 10)
