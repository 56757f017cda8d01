/** Milestones: what people had done before they came to a rung, and how much sooner they came for it. */
import { z } from 'zod'

const interval = z.object({ low: z.number(), high: z.number() })

export const milestonesPicture = z.object({
  rung: z.object({ id: z.string(), name: z.string() }),
  rungs: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Persons who could still come to the rung, and how many of them came, in the period. */
  people: z.number().int(),
  came: z.number().int(),
  /** One in so many persons was looked at. */
  oneIn: z.number().int(),
  milestones: z.array(
    z.object({
      /** Kind of touchpoint: having done it once. */
      kind: z.string(),
      /** The kind with which it always comes, and from which it cannot be told apart. */
      sameAs: z.string().nullable(),
      /** Persons watched after it, and those of them who came; those who came without it. */
      people: z.number().int(),
      cameAfter: z.number().int(),
      cameWithout: z.number().int(),
      /** Days watched after and without it, of all persons together. */
      daysAfter: z.number(),
      daysWithout: z.number(),
      /** How many times as likely somebody comes on any day, others being equal; null: too few. */
      ratio: interval.extend({ value: z.number() }).nullable(),
      /** Adjusted for the many milestones asked about at once. */
      q: z.number().nullable(),
      stands: z.boolean(),
      /** The interval of one that stands, wider for having been chosen. */
      chosen: interval.nullable(),
    }),
  ),
  /** Share of pairs of whom the milestones foretell who came first. */
  concordance: z.number().nullable(),
  /** Whether milestones were so entangled that the model needed help. */
  isHeld: z.boolean(),
})
export type MilestonesPicture = z.infer<typeof milestonesPicture>
