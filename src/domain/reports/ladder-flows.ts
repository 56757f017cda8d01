/** Ladder flows: who moved between which rungs, where people enter, how long they stay. */
import { z } from 'zod'

export const ladderFlowsPicture = z.object({
  rungs: z.array(z.object({ id: z.string(), name: z.string() })),
  /** People who made the move, each counted once a move; `from` is null where they entered. */
  flows: z.array(
    z.object({
      from: z.string().nullable(),
      to: z.string(),
      moves: z.number(),
      people: z.number(),
    }),
  ),
  dwell: z.array(
    z.object({
      rung: z.string(),
      arrived: z.number(),
      left: z.number(),
      /** Days after which half have left; null where more than half are still there. */
      medianDays: z.number().nullable(),
    }),
  ),
})
export type LadderFlowsPicture = z.infer<typeof ladderFlowsPicture>
