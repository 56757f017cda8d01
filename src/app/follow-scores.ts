/** Membership after a scoring: person by person, in small transactions beside everything else. */
import { followSegments, type SegmentOutcome } from '../segment/step.ts'
import { lockIdentity } from './identity-lock.ts'
import { lockParties } from '../segment/read-facts.ts'
import { peopleAfter, someAskForPredictions } from '../segment/scored-people.ts'
import { withRetries } from './retry.ts'
import type { Catalogues } from '../segment/catalogue.ts'
import type { ModelCache } from '../measure/serving-model.ts'
import type { Truth } from '../store/truth.ts'

/** As many as are looked at in one transaction. */
const peopleAtOnce = 500

interface FollowParts {
  readonly truth: Truth
  readonly models: ModelCache
  readonly now: () => number
}

export async function followScores(
  { truth: { db }, models, now }: FollowParts,
  catalogues: Catalogues,
  committed: (outcome: SegmentOutcome) => void,
  stopped: () => boolean,
): Promise<void> {
  if (!(await someAskForPredictions(db, catalogues, await models.serving(db)))) return
  let after: string | null = null
  do {
    const from: string | null = after
    const { outcome, last } = await withRetries(() =>
      db.transaction().execute(async (transaction) => {
        await lockIdentity(transaction, false)
        const model = await models.serving(transaction)
        const scored = await peopleAfter(transaction, model, from, peopleAtOnce)
        await lockParties(transaction, model, scored)
        const followed = await followSegments(transaction, catalogues, model, {
          scored,
          now: now(),
        })
        return { outcome: followed, last: scored.at(-1) ?? null }
      }),
    )
    committed(outcome)
    after = last
  } while (after !== null && !stopped())
}
