/** The loyalty loop: choices repeated with and without looking around, and what made people look around. */
import { z } from 'zod'
import { estimateView } from './estimate.ts'

const repeats = z.object({
  /** First day of the month. */
  month: z.iso.date(),
  people: z.number(),
  /** Choices that followed an earlier one. */
  repeats: z.number(),
  /** Of these, those with no comparison in between. */
  loyal: z.number(),
  share: estimateView,
})
export type Repeats = z.infer<typeof repeats>

const preceding = z.object({
  kind: z.string(),
  people: z.number(),
  /** Days with it in the time before looking around. */
  days: z.number(),
  /** How many times as often as at the same people's other times. */
  lift: estimateView,
  q: z.number(),
})
export type Preceding = z.infer<typeof preceding>

const reEvaluating = z.object({
  id: z.uuid(),
  name: z.string(),
  rung: z.string(),
  health: z.string(),
  since: z.string(),
  comparisons: z.number(),
  lastChoice: z.string(),
  choices: z.number(),
})
export type ReEvaluating = z.infer<typeof reEvaluating>

export const loyaltyPicture = z.object({
  choiceKinds: z.array(z.string()),
  comparisonKinds: z.array(z.string()),
  /** Null where nobody chose again. */
  total: repeats.omit({ month: true }).nullable(),
  /** By the month of the first choice, and by the month of the repeated one. */
  cohorts: z.array(repeats),
  overTime: z.array(repeats),
  before: z.object({
    windowDays: z.number(),
    people: z.number(),
    /** Times that a customer began to look around. */
    times: z.number(),
    kinds: z.array(preceding),
  }),
  /** How it ended for those who were watched for long enough. */
  after: z.object({
    withinDays: z.number(),
    watched: z.number(),
    choseAgain: z.number(),
    share: estimateView.nullable(),
  }),
  now: z.object({
    total: z.number(),
    customers: z.number(),
    people: z.array(reEvaluating),
  }),
  rungs: z.array(z.object({ id: z.string(), name: z.string() })),
})
export type LoyaltyPicture = z.infer<typeof loyaltyPicture>
