/** Paths: the ways people come to an outcome, and what those who did not come there did otherwise. */
import { z } from 'zod'

const count = z.number().int()
const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })

export const pathSteps = ['kind', 'channel', 'series', 'content'] as const

const sequence = z.object({
  /** Oldest first; repeats collapsed. */
  steps: z.array(z.string()),
  /** More had gone before. */
  isCut: z.boolean(),
  reached: count,
  reachedShare: estimate,
  others: count,
  othersShare: estimate,
  /** Median days from the first of these steps to the outcome; null where nobody reached it so. */
  typicalDays: z.number().nullable(),
})

export const pathsPicture = z.object({
  /** `name` is a rung's name, or a kind in words. */
  outcome: z.object({ id: z.string(), name: z.string(), isRung: z.boolean() }),
  by: z.enum(pathSteps),
  /** People who first came to the outcome in the period, and all who have not come to it. */
  people: z.object({ reached: count, others: count }),
  compared: z.object({
    /** How many of each were looked at, equally long. */
    reached: count,
    others: count,
    /** Reached it without any such step before. */
    without: count,
    /** The last steps of each that were looked at. */
    window: count,
    /** Steps and pairs that were asked about. */
    questions: count,
  }),
  /** The last steps before the outcome, of those who reached it: one column a step back. */
  flow: z.object({
    columns: z.array(z.array(z.object({ id: z.string(), name: z.string(), people: count }))),
    links: z.array(z.object({ column: count, from: z.string(), to: z.string(), people: count })),
  }),
  sequences: z.array(sequence),
  otherSequences: z.array(sequence),
  differences: z.array(
    z.object({
      /** One step, or two in their order. */
      steps: z.array(z.string()),
      reached: count,
      others: count,
      reachedShare: z.number(),
      othersShare: z.number(),
      lift: estimate,
      /** Nobody on one side: half a case was added to each cell. */
      isCorrected: z.boolean(),
      q: z.number(),
    }),
  ),
})
export type PathsPicture = z.infer<typeof pathsPicture>
