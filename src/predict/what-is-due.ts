/** What a night brings: everybody is scored again; what is a week old, or has drifted, is fitted anew. */
import { dayMilliseconds } from '../relationship/duration.ts'
import { models } from './catalogue.ts'
import type { PredictionModelId } from '../domain/prediction-view.ts'
import type { ServingFit, StoredModel } from './model-queries.ts'

/** In the night of the server's clock, UTC. */
const nightHour = 3
const hourMilliseconds = 3_600_000
const fitLastsDays = 7
/** Beyond this population stability index people are others than those learned from. */
const muchDrift = 0.25

/** The last time that it was three at night. */
export function lastNight(now: number): number {
  const shift = nightHour * hourMilliseconds
  return Math.floor((now - shift) / dayMilliseconds) * dayMilliseconds + shift
}

export interface Due {
  readonly fit: PredictionModelId[]
  readonly score: PredictionModelId[]
}

/** What was never looked at is due at once, all else once a night. */
export function whatIsDue(
  last: ReadonlyMap<string, { readonly at: Date; readonly state: StoredModel['state'] }>,
  serving: readonly ServingFit[],
  now: number,
): Due {
  const night = lastNight(now)
  const fit: PredictionModelId[] = []
  const score: PredictionModelId[] = []
  for (const { id } of models) {
    const fitted = last.get(id)
    const own = serving.find((one) => one.id === id)
    const looked = Math.max(
      fitted?.at.getTime() ?? -Infinity,
      own?.scoredAt?.getTime() ?? -Infinity,
    )
    if (looked >= night) continue
    const age = now - (fitted?.at.getTime() ?? -Infinity)
    const isOld = age > fitLastsDays * dayMilliseconds
    const failed = fitted?.state === 'failed'
    const drifted = (own?.drift?.scores ?? 0) > muchDrift
    // What is not served is tried again every night: more is known each day.
    if (own === undefined || isOld || failed || drifted) fit.push(id)
    else score.push(id)
  }
  return { fit, score }
}
