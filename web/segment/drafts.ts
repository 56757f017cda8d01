/** What was begun and not saved stays while the app is open: whoever looks elsewhere comes back to it. */
import type { SegmentDraft } from './segment-queries.ts'

const drafts = new Map<string, SegmentDraft>()
/** Older ones are forgotten. */
const mostDrafts = 20

export const draftOf = (key: string): SegmentDraft | undefined => drafts.get(key)

export function keepDraft(key: string, draft: SegmentDraft): void {
  drafts.delete(key)
  drafts.set(key, draft)
  for (const [oldest] of drafts) if (drafts.size > mostDrafts) drafts.delete(oldest)
}

export function dropDraft(key: string): void {
  drafts.delete(key)
}
