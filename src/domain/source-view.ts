/** What the reading API answers about sources and what they could not deliver. */
import { z } from 'zod'

const time = z.iso.datetime()

export const sourceView = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  writeKey: z.string().nullable(),
  createdAt: time,
  lastSeenAt: time.nullable(),
  received: z.number().int(),
  accepted: z.number().int(),
  duplicate: z.number().int(),
  rejected: z.number().int(),
  bot: z.number().int(),
})
export type SourceView = z.infer<typeof sourceView>

export const rejectView = z.object({
  id: z.string(),
  at: time,
  source: z.object({ id: z.string(), name: z.string() }),
  code: z.string(),
  reason: z.string(),
  /** The event as it came in: an object where it could be read, else text. */
  event: z.unknown(),
  state: z.enum(['open', 'replayed', 'dismissed']),
})
export const rejectPage = z.object({ rejects: z.array(rejectView), next: z.string().nullable() })
