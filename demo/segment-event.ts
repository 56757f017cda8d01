import type { JsonObject } from '../src/domain/touchpoint.ts'

/** An event as a Segment client sends it: https://segment.com/docs/connections/spec/common/ */
export interface SegmentEvent {
  readonly type: 'track' | 'identify' | 'page' | 'group'
  readonly messageId: string
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly userId?: string
  readonly anonymousId?: string
  readonly event?: string
  readonly name?: string
  readonly groupId?: string
  readonly properties?: JsonObject
  readonly traits?: JsonObject
  readonly context?: JsonObject
}
