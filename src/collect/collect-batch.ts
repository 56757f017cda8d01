import type { CollectedBatch, RejectedEvent } from '../domain/collected-batch.ts'
import { RapportError } from '../domain/error.ts'
import type { IncomingTouchpoint, Json } from '../domain/touchpoint.ts'
import type { DecodedBody } from './request/decode-body.ts'
import { isObject } from './classify/event-identity.ts'
import { isRejected, normaliseEvent, type Circumstances } from './normalise-event.ts'
import { eventBytesLimit } from './scan-json.ts'

/** Events of one batch, as the Segment HTTP API documents it. */
export const batchEventsLimit = 2_500

export interface BatchCircumstances extends Circumstances {
  readonly shape: 'event' | 'batch'
}

/**
 * What a request brought, ready for the pipeline. A fault of one event refuses that event only.
 *
 * @throws RapportError batch_too_large, invalid_request
 */
export function collectBatch(
  { json, rejected: cut }: DecodedBody,
  circumstances: BatchCircumstances,
): CollectedBatch {
  const { shape, sourceId } = circumstances
  const events = shape === 'event' ? [json] : eventsOf(json)
  if (events.length + cut.length > batchEventsLimit) throw new RapportError('batch_too_large')
  const common = shape === 'event' ? circumstances : withCommon(json, circumstances)
  const touchpoints: IncomingTouchpoint[] = []
  const rejected: RejectedEvent[] = [...cut]
  for (const event of events) {
    const result = normaliseEvent(event, common)
    if (isRejected(result)) rejected.push(result)
    else touchpoints.push(result)
  }
  return { sourceId, touchpoints, rejected }
}

/** A body that cannot be read is one refused event, so that it can be seen and is counted. */
export function collectUnreadable(
  sourceId: string,
  bytes: Uint8Array,
  { code, message }: RapportError,
): CollectedBatch {
  const raw = Uint8Array.from(bytes.subarray(0, eventBytesLimit))
  return { sourceId, touchpoints: [], rejected: [{ code, reason: message, event: null, raw }] }
}

function eventsOf(json: Json): readonly Json[] {
  if (Array.isArray(json)) return json
  if (isObject(json) && Array.isArray(json['batch'])) return json['batch']
  throw new RapportError('invalid_request', 'The body needs a list named "batch".')
}

/** `sentAt` and `context` of the batch hold for each of its events. */
function withCommon(json: Json, circumstances: Circumstances): Circumstances {
  if (!isObject(json)) return circumstances
  const { sentAt, context } = json
  return {
    ...circumstances,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(isObject(context) ? { context } : {}),
  }
}
