/**
 * The sentence of this program: a batch is kept once, its identifiers lead to parties, their
 * relationships are measured, and only then is it acknowledged. One transaction, all or nothing.
 */
import { addCounts } from '../collect/source-counts.ts'
import { appendNew, ensurePartitions } from '../collect/log.ts'
import { keepRejects } from '../collect/rejects.ts'
import { resolveParties } from '../identify/resolve.ts'
import { scoreTexts } from './score-texts.ts'
import { underIdentityLock } from './identity-lock.ts'
import { measureBatch } from '../measure/step.ts'
import { withRetries } from './retry.ts'
import type { BatchOutcome, CollectedBatch } from '../domain/collected-batch.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { KnownParties } from '../identify/known-parties.ts'
import type { Kysely } from 'kysely'
import type { Measured } from '../measure/step.ts'
import type { Segments } from './segments.ts'
import type { ModelCache } from '../measure/serving-model.ts'

export interface PipelineParts {
  readonly db: Kysely<unknown>
  readonly models: ModelCache
  readonly knownParties: KnownParties
  readonly now: () => number
  readonly newId: () => string
  /** Membership that follows what happens; without it nobody enters or leaves a segment. */
  readonly segments?: Pick<Segments, 'measuresFor' | 'follow' | 'committed'>
}

export interface PipelineResult {
  readonly outcomes: readonly BatchOutcome[]
  readonly measured: Measured
  /** Whether identity had to be weighed under the exclusive lock. */
  readonly neededExclusive: boolean
}

/**
 * Takes several requests' batches in one transaction; each gets its own outcome.
 *
 * @param beginExclusive  take the exclusive lock at once: saves doing the work twice where the batch
 *                        before needed it, as during an import
 */
export async function takeBatches(
  parts: PipelineParts,
  batches: readonly CollectedBatch[],
  beginExclusive = false,
): Promise<PipelineResult> {
  const touchpoints = scoreTexts(batches.flatMap((batch) => [...batch.touchpoints]))
  await ensurePartitions(parts.db, touchpoints)
  const attempt = (exclusive: boolean): Promise<PipelineResult | null> =>
    withRetries(() => inTransaction(parts, { batches, touchpoints, exclusive }))
  return (await attempt(beginExclusive)) ?? ((await attempt(true)) as PipelineResult)
}

interface Work {
  readonly batches: readonly CollectedBatch[]
  readonly touchpoints: readonly IncomingTouchpoint[]
  readonly exclusive: boolean
}

/** Null where identity needs the exclusive lock; nothing was done then. */
async function inTransaction(
  { db, models, knownParties, now, newId, segments }: PipelineParts,
  { batches, touchpoints, exclusive }: Work,
): Promise<PipelineResult | null> {
  const rollBack = Symbol('needs the exclusive lock')
  try {
    const taken = await underIdentityLock(db, exclusive, async (transaction) => {
      const situation = await models.situation(transaction)
      const { model, identityEpoch, segmentEpoch } = situation
      const newIds = await appendNew(transaction, touchpoints)
      const fresh = onlyFirst(touchpoints, newIds)
      const remembered = knownParties.at(identityEpoch)
      const identity = await resolveParties(transaction, fresh, { exclusive, newId, remembered })
      if (identity === null) throw rollBack
      const hasAccounts = situation.hasAccounts || identity.regrouped.size > 0
      const also = await segments?.measuresFor(transaction, model, { touchpoints: fresh, epoch: segmentEpoch }) // prettier-ignore
      const measured = await measureBatch(transaction, model, {
        touchpoints: fresh,
        partyOf: identity.partyOf,
        identity,
        made: identity.made,
        hasAccounts,
        ...(also && { also }),
        now: now(),
      })
      const happened = { touchpoints: fresh, partyOf: identity.partyOf, identity, hasAccounts }
      const { transitions, rows, newcomers } = measured
      const known = { transitions, rows, newcomers, epoch: segmentEpoch, now: now() }
      const moved = await segments?.follow(transaction, model, { ...happened, ...known })
      const outcomes = outcomesOf(batches, new Set(newIds))
      await keepRejects(transaction, batches)
      await addCounts(transaction, batches, outcomes, now())
      return { outcomes, measured, identity, identityEpoch, moved }
    })
    const { outcomes, measured, identity, identityEpoch, moved } = taken
    if (moved) segments?.committed(moved)
    // Under the exclusive lock the epoch itself may have moved on.
    if (!exclusive) knownParties.remember(identityEpoch, identity.learned)
    return { outcomes, measured, neededExclusive: identity.neededExclusive }
  } catch (error) {
    if (error === rollBack) return null
    throw error
  }
}

/** The first touchpoint of each new id: a batch may hold an id twice. */
function onlyFirst(
  touchpoints: readonly IncomingTouchpoint[],
  newIds: ReadonlySet<string>,
): IncomingTouchpoint[] {
  const open = new Set(newIds)
  return touchpoints.filter(({ id }) => open.delete(id))
}

function outcomesOf(batches: readonly CollectedBatch[], open: Set<string>): BatchOutcome[] {
  return batches.map(({ touchpoints, rejected }) => {
    const accepted = touchpoints.filter(({ id }) => open.delete(id))
    return {
      accepted: accepted.length,
      duplicate: touchpoints.length - accepted.length,
      rejected: rejected.length,
      bot: accepted.filter(({ bot }) => bot).length,
    }
  })
}
