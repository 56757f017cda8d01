import type { ErrorCode } from './error.ts'
import type { IncomingTouchpoint } from './touchpoint.ts'

/** One event that could not be taken, kept with its reason so that it can be mended and replayed. */
export interface RejectedEvent {
  readonly code: ErrorCode
  /** What exactly was wrong, for a person. */
  readonly reason: string
  /** The event as parsed, or null where it could not be parsed. */
  readonly event: unknown
  /** The bytes as they came, where there is no parsed event. */
  readonly raw: Uint8Array | null
  /** What the client calls it; absent where it does not, though `event` may have been given a name. */
  readonly messageId?: string
}

/** What one request (or one chunk of an import) brought, ready for the pipeline. */
export interface CollectedBatch {
  readonly sourceId: string
  readonly touchpoints: readonly IncomingTouchpoint[]
  readonly rejected: readonly RejectedEvent[]
}

/** What became of a batch: the three add up to the events it held. `bot` is part of `accepted`. */
export interface BatchOutcome {
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly bot: number
}

/** The pipeline as the collect room sees it: resolves once everything is durable and measured. */
export type AcceptBatch = (batch: CollectedBatch) => Promise<BatchOutcome>
