/** Attribution: outcomes shared out among the touches before them, by all methods side by side. */
import { z } from 'zod'
import { estimate } from './funnel.ts'

/** The same names as in the arithmetic; a test holds them equal. */
export const attributionMethods = [
  'first', 'last', 'linear', 'time_decay', 'position', 'markov_1', 'markov_2', 'markov_3',
  'markov_4', 'shapley',
] as const // prettier-ignore
export type AttributionMethod = (typeof attributionMethods)[number]

/** Who reaches out: a person of ours, or a machine; and what it costs. */
export const touchMarks = z.object({
  by: z.enum(['human', 'automated']).nullable(),
  paid: z.enum(['paid', 'owned', 'earned']).nullable(),
})
export type TouchMarks = z.infer<typeof touchMarks>

const credit = z.object({
  method: z.enum(attributionMethods),
  outcomes: z.number(),
  /** Interval of the outcomes, where it was asked for. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** In minor units of the currency. */
  value: z.number(),
})

const channel = z.object({
  name: z.string(),
  ...touchMarks.shape,
  /** In the order of `methods`. */
  credits: z.array(credit),
  /** By how much the chance of an outcome falls without it (Markov, of the order asked for). */
  removalEffect: z.number(),
  /** People whose path it is on, how many of these paths led to the outcome, and that share. */
  paths: z.number(),
  reached: z.number(),
  rate: estimate.nullable(),
})

const path = z.object({
  steps: z.array(z.string()),
  isCut: z.boolean(),
  reached: z.number(),
  others: z.number(),
  rate: estimate,
})

const creditedTouch = z.object({
  channel: z.string(),
  kind: z.string(),
  event: z.string(),
  /** Touches right after each other on the same channel are one; the newest tells the rest. */
  touches: z.number(),
  at: z.iso.datetime(),
  /** Share of the outcome in millionths, in the order of `methods`; each method adds up to the whole. */
  credits: z.array(z.number()),
})

export const attributionPicture = z.object({
  outcome: z.string(),
  methods: z.array(z.enum(attributionMethods)),
  method: z.enum(attributionMethods),
  hasIntervals: z.boolean(),
  currency: z.string(),
  totals: z.object({
    outcomes: z.number(),
    value: z.number(),
    /** Outcomes that no touch of the look-back window went before. */
    unattributed: z.number(),
    others: z.number(),
    touches: z.number(),
    distinctPaths: z.number(),
  }),
  /** By credit of `method`, the most first. */
  channels: z.array(channel),
  /** The most common paths to the outcome, and of those who did not come to it. */
  won: z.array(path),
  lost: z.array(path),
  /** The newest outcomes, each to be opened. */
  outcomes: z.array(
    z.object({
      party: z.string(),
      name: z.string(),
      at: z.iso.datetime(),
      value: z.number().nullable(),
    }),
  ),
  opened: z
    .object({
      party: z.string(),
      name: z.string(),
      at: z.iso.datetime(),
      value: z.number().nullable(),
      touches: z.array(creditedTouch),
    })
    .nullable(),
})
export type AttributionPicture = z.infer<typeof attributionPicture>
