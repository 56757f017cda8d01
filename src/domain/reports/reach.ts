/** Reach: how many we met and how many of the right ones, who came again, what moved people up. */
import { z } from 'zod'
import { estimateView } from './estimate.ts'

const reachGroup = z.object({
  /** How they came, or where we met them; what `id` is. */
  kind: z.enum(['channel', 'campaign']),
  id: z.string(),
  people: z.number(),
  /** Of these, those who fit a persona as well as the model asks. */
  qualified: z.number(),
  qualifiedShare: estimateView,
  visits: z.number(),
  /** Who has bought, subscribed or renewed by the end of the period. */
  customers: z.number(),
  customerShare: estimateView,
  /** People, and qualified people, met in each step of `steps`. */
  peopleOverTime: z.array(z.number()),
  qualifiedOverTime: z.array(z.number()),
})
export type ReachGroup = z.infer<typeof reachGroup>

const returnCurve = z.object({
  /** `everyone`, `qualified`, `others`, `persona:<id>`, `channel:<id>` or `campaign:<id>`. */
  id: z.string(),
  name: z.string(),
  people: z.number(),
  /** Who came on a first, second, ... day. */
  times: z.array(z.object({ people: z.number(), share: estimateView })),
})
export type ReturnCurve = z.infer<typeof returnCurve>

const contentEffect = z.object({
  name: z.string(),
  /** Null: everybody. Empty: those who fit no persona. */
  persona: z.string().nullable(),
  /** Weeks of somebody with it, and how many of these were followed by a rise. */
  weeks: z.number(),
  rose: z.number(),
  /** Share of weeks followed by a rise, and of comparable weeks with other content. */
  share: z.number(),
  comparable: z.number(),
  difference: estimateView,
  /** Expected share of chance finds among all that are as clear as this one, or clearer. */
  q: z.number(),
})
export type ContentEffect = z.infer<typeof contentEffect>

export const reachPicture = z.object({
  by: z.enum(['came', 'channel', 'campaign']),
  qualifiedFrom: z.number(),
  total: reachGroup,
  groups: z.array(reachGroup),
  /** Groups beyond those shown. */
  left: z.number(),
  steps: z.array(z.iso.date()),
  stepDays: z.number(),
  returns: z.object({
    /** Each was watched for so many days from the first visit. */
    withinDays: z.number(),
    curves: z.array(returnCurve),
  }),
  personas: z.array(z.object({ id: z.string(), name: z.string() })),
  content: z.object({
    of: z.enum(['series', 'title']),
    rungs: z.array(z.object({ id: z.string(), name: z.string() })),
    /** A rise counts to this rung or higher. */
    rise: z.string(),
    /** The highest rung that reading alone can carry somebody to in this model. */
    byReadingAlone: z.string(),
    /** People per name, and one in how many people was looked at. */
    readers: z.array(z.object({ name: z.string(), people: z.number() })),
    oneIn: z.number(),
    effects: z.array(contentEffect),
  }),
})
export type ReachPicture = z.infer<typeof reachPicture>
