/** Funnel: how many of those who took the first step took the next ones, and where the others went. */
import { z } from 'zod'

export const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })

const step = z.object({
  /** As in the address. */
  text: z.string(),
  name: z.string(),
  /** People who came here or farther. */
  people: z.number(),
  ofFirst: estimate.nullable(),
  ofPrevious: estimate.nullable(),
  /** People who came just so far and no farther. */
  dropped: z.number(),
  /** Days since the step before, of those who took it; `people` says of how many. */
  days: z
    .object({ median: z.number(), quarter: z.number(), threeQuarters: z.number(), people: z.number() })
    .nullable(), // prettier-ignore
  /** What came next for those who came no farther; null is nothing more in the period. */
  next: z.array(z.object({ kind: z.string().nullable(), people: z.number(), share: estimate })),
})

export const funnelPicture = z.object({
  order: z.enum(['strict', 'any']),
  windowDays: z.number(),
  steps: z.array(step),
  overall: estimate.nullable(),
  by: z.enum(['channel', 'campaign', 'persona', 'trait']).nullable(),
  groups: z.array(
    z.object({ name: z.string(), people: z.array(z.number()), overall: estimate.nullable() }),
  ),
  /** Times and next touchpoints are of this share of the people, drawn by the hash of their id. */
  sample: z.number(),
  /** Who dropped after the step asked for; the latest first. */
  people: z
    .object({
      after: z.number(),
      list: z.array(
        z.object({ id: z.string(), name: z.string(), rung: z.string(), at: z.iso.datetime() }),
      ),
    })
    .nullable(),
})
export type FunnelPicture = z.infer<typeof funnelPicture>
