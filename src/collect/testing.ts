/** Touchpoints and circumstances for the tests of this room. */
import type { Kysely } from 'kysely'
import type { AcceptBatch, RejectedEvent } from '../domain/collected-batch.ts'
import { subjectIdOf, touchpointIdOf } from '../domain/identifier.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import { appendNew, ensurePartitions } from './log.ts'
import { isRejected, normaliseEvent, type Circumstances } from './normalise-event.ts'
import { keepRejects } from './rejects.ts'
import { addCounts } from './source-counts.ts'

export const testNow = Date.parse('2026-11-23T12:00:00.000Z')

export const testCircumstances: Circumstances = {
  sourceId: 'web',
  receivedAt: testNow,
  makeMessageId: () => 'made-by-the-server',
}

export function taken(
  event: unknown,
  circumstances: Partial<Circumstances> = {},
): IncomingTouchpoint {
  const result = normaliseEvent(event, { ...testCircumstances, ...circumstances })
  if (isRejected(result)) throw new TypeError(`rejected: ${result.code}`)
  return result
}

export function refused(event: unknown, circumstances: Partial<Circumstances> = {}): RejectedEvent {
  const result = normaliseEvent(event, { ...testCircumstances, ...circumstances })
  if (!isRejected(result)) throw new TypeError('not rejected')
  return result
}

/** A purchase of `user-1`, an hour before now, with whatever the test changes. */
export function testTouchpoint(
  messageId: string,
  changes: Partial<IncomingTouchpoint> = {},
): IncomingTouchpoint {
  const identifier = { namespace: 'user_id', value: 'user-1' }
  return {
    id: touchpointIdOf('web', messageId),
    subjectId: subjectIdOf(identifier),
    occurredAt: testNow - 3_600_000,
    receivedAt: testNow,
    sourceId: 'web',
    type: 'track',
    kind: 'purchase',
    event: 'Order Completed',
    channel: 'web',
    bot: false,
    amountMinor: 1250,
    currency: 'EUR',
    score: null,
    sentiment: null,
    properties: { order_id: messageId },
    context: {},
    identifiers: [identifier],
    traits: null,
    account: null,
    text: null,
    ...changes,
  }
}

/** The part of the pipeline that belongs to this room: log, rejects and counts in one transaction. */
export function acceptInto(db: Kysely<unknown>): AcceptBatch {
  return async (batch) => {
    await ensurePartitions(db, batch.touchpoints)
    return db.transaction().execute(async (transaction) => {
      const { size: accepted } = await appendNew(transaction, batch.touchpoints)
      const duplicate = batch.touchpoints.length - accepted
      const outcome = { accepted, duplicate, rejected: batch.rejected.length, bot: 0 }
      await keepRejects(transaction, [batch])
      await addCounts(transaction, [batch], [outcome], testNow)
      return outcome
    })
  }
}
