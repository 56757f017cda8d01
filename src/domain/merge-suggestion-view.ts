/** Possible duplicates, as they are shown. */
import { z } from 'zod'
import { partyReference } from './view.ts'

const time = z.iso.datetime()

/** What one field says: its level of agreement, and how much that weighs, in bits. */
const suggestionReason = z.object({
  field: z.string(),
  level: z.string(),
  weight: z.number().describe('In bits: +1 makes it twice as likely, -1 half as likely.'),
  one: z.string().describe('What the first is known by, or "".'),
  other: z.string(),
})

export const mergeSuggestionView = z.object({
  id: z.uuid(),
  probability: z.number().min(0).max(1),
  weight: z.number().describe('In bits, before it all: 0 is as likely as not.'),
  one: partyReference,
  other: partyReference,
  bothKnown: z.boolean().describe('Each has a user id of their own: look twice.'),
  reasons: z.array(suggestionReason),
  foundAt: time,
})
export type MergeSuggestionView = z.infer<typeof mergeSuggestionView>

export const mergeSearchView = z.object({
  running: z.boolean(),
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  people: z.number(),
  compared: z.number(),
  found: z.number(),
  leftOut: z.number().describe('Values that too many share to be compared.'),
  milliseconds: z.number(),
  message: z.string().nullable(),
})
export type MergeSearchView = z.infer<typeof mergeSearchView>

export const mergeSuggestionPage = z.object({
  suggestions: z.array(mergeSuggestionView),
  next: z.string().nullable(),
  open: z.number(),
  search: mergeSearchView,
})
export type MergeSuggestionPage = z.infer<typeof mergeSuggestionPage>

/** Whose a value is: of the first, of the other, or of both. */
const side = z.enum(['one', 'other', 'both'])

/** What the two would look like as one. Nothing is changed by asking. */
export const mergePreview = z.object({
  displayName: z.string(),
  identifiers: z.array(z.object({ namespace: z.string(), value: z.string(), of: side })),
  traits: z.array(
    z.object({
      key: z.string(),
      value: z.string(),
      of: side,
      instead: z
        .string()
        .nullable()
        .describe('The older value, which the merged one would not show.'),
    }),
  ),
})
export type MergePreview = z.infer<typeof mergePreview>
