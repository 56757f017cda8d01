/** Merge, split and undo by hand: identity decides, relationship state follows, all in one transaction. */
import { followIdentity } from '../measure/follow-identity.ts'
import { lockIdentity } from './identity-lock.ts'
import { markHistoryDue } from '../measure/people-queries.ts'
import { mergeParties, splitParty, undoDecision } from '../identify/decide.ts'
import { settleRows } from '../measure/step.ts'
import { withRetries } from './retry.ts'
import type { HandDecision } from '../identify/decide.ts'
import type { IdentityActions } from '../identify/http.ts'
import type { Kysely } from 'kysely'
import type { Measured } from '../measure/step.ts'
import type { PipelineParts } from './pipeline.ts'
import type { SegmentOutcome } from '../segment/step.ts'
import type { ReweighOutcome } from '../identify/reweigh.ts'

export interface IdentityActionParts extends Omit<PipelineParts, 'knownParties'> {
  readonly onMeasured: (measured: Measured, accepted: number) => void
}

export function createIdentityActions(parts: IdentityActionParts): IdentityActions {
  const act = async (
    decide: (db: Kysely<unknown>) => Promise<ReweighOutcome>,
  ): Promise<string[]> => {
    const { outcome, measured, moved } = await withRetries(() => inTransaction(parts, decide))
    if (moved) parts.segments?.committed(moved)
    parts.onMeasured(measured, 0)
    return [...new Set(outcome.partyOf.values())]
  }
  const by = (name: string, reason: string): HandDecision => ({
    by: name,
    reason,
    newId: parts.newId,
  })
  return {
    merge: (one, other, { name, reason }) =>
      act((db) => mergeParties(db, [one, other], by(name, reason))),
    split: (party, subjects, { name, reason }) =>
      act((db) => splitParty(db, party, subjects, by(name, reason))),
    undo: (decision, { name, reason }) => act((db) => undoDecision(db, decision, by(name, reason))),
  }
}

async function inTransaction(
  { db, models, now, segments }: IdentityActionParts,
  decide: (db: Kysely<unknown>) => Promise<ReweighOutcome>,
): Promise<{ outcome: ReweighOutcome; measured: Measured; moved: SegmentOutcome | undefined }> {
  return db.transaction().execute(async (transaction) => {
    await lockIdentity(transaction, true)
    const model = await models.serving(transaction)
    const outcome = await decide(transaction)
    const { complete, joined } = await followIdentity(transaction, model, outcome)
    const rows = [...complete, ...joined]
    const { merged, rebuilt, regrouped } = outcome
    await markHistoryDue(transaction, [
      ...joined.map(({ partyId }) => partyId),
      ...merged.keys(),
      ...rebuilt,
      ...regrouped,
    ])
    const measured = await settleRows(transaction, model, rows, { now: now(), cause: new Map() })
    const happened = { identity: outcome, transitions: measured.transitions, now: now() }
    const moved = await segments?.follow(transaction, model, happened)
    return { outcome, measured: { ...measured, late: true }, moved }
  })
}
