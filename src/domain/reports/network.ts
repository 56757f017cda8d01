/** Network: who brought whom, how far that goes, and what it is worth. */
import { z } from 'zod'
import { estimateView } from './estimate.ts'

const person = z.object({ id: z.string(), name: z.string() })

export const networkPicture = z.object({
  /** Days after somebody's first touchpoint in which a code still says who brought them. */
  within: z.number(),
  /** Of all money here, in minor units; null where nobody paid. */
  currency: z.string().nullable(),
  totals: z.object({
    /** Who brought somebody or was brought. */
    people: z.number(),
    brought: z.number(),
    bringers: z.number(),
    trees: z.number(),
    valueMinor: z.number(),
    /** Money in other currencies is not added: so many people paid in one. */
    otherCurrencies: z.number(),
    /** Who carried a code that nobody is known to have made. */
    unknownCodes: z.number(),
  }),
  /** Of the period; null where nobody was active. */
  kFactor: z
    .object({
      k: estimateView,
      invitationsPerMember: estimateView,
      conversion: estimateView.nullable(),
      members: z.number(),
      invitations: z.number(),
      newcomers: z.number(),
    })
    .nullable(),
  /** From those who came by themselves and brought others. */
  generations: z.array(
    z.object({
      generation: z.number(),
      people: z.number(),
      /** Null for those who came by themselves: their money is not looked up. */
      valueMinor: z.number().nullable(),
    }),
  ),
  /** New people of the period in steps, by generation; all who came by themselves are 0. */
  growth: z.object({
    at: z.array(z.string()),
    days: z.number(),
    generations: z.array(z.object({ name: z.string(), people: z.array(z.number()) })),
  }),
  /** Of the people on each rung today, how many have brought somebody. */
  rungs: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      people: z.number(),
      bringers: z.number(),
      brought: z.number(),
      share: estimateView,
    }),
  ),
  leaders: z.array(
    z.object({
      ...person.shape,
      rung: z.string(),
      brought: z.number(),
      /** All below them. */
      reach: z.number(),
      /** Generations below them. */
      depth: z.number(),
      valueMinor: z.number(),
      /** PageRank, in times of the average. */
      standing: z.number(),
    }),
  ),
  rings: z.array(z.object({ people: z.array(person) })),
  drawing: z.object({
    width: z.number(),
    height: z.number(),
    /** People of the network who are not drawn. */
    left: z.number(),
    /** Columns: one entry a person in each. */
    ids: z.array(z.string()),
    names: z.array(z.string()),
    rungs: z.array(z.string()),
    x: z.array(z.number()),
    y: z.array(z.number()),
    radius: z.array(z.number()),
    /** Place of who brought them in these columns; -1 where nobody did. */
    parent: z.array(z.number()),
    generation: z.array(z.number()),
    brought: z.array(z.number()),
    reach: z.array(z.number()),
    valueMinor: z.array(z.number()),
    /** When they were brought (first touchpoint), in days since 1970; 0 where nobody did. */
    day: z.array(z.number()),
  }),
})
export type NetworkPicture = z.infer<typeof networkPicture>
