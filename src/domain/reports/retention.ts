/** Retention: of those who began in a period, how many came back so many periods later. */
import { z } from 'zod'
import { estimate } from './funnel.ts'

const cell = z.object({ active: z.number(), of: z.number(), share: estimate }).nullable()

export const retentionPicture = z.object({
  unit: z.enum(['day', 'week', 'month']),
  variant: z.enum(['on', 'on_or_after']),
  start: z.string(),
  back: z.string(),
  cohorts: z.array(
    z.object({
      /** First day of the period in which they began. */
      day: z.iso.date(),
      size: z.number(),
      /** By periods since; null where that is not over yet. */
      cells: z.array(cell),
    }),
  ),
  together: z.array(cell),
  by: z.enum(['channel', 'campaign', 'persona']).nullable(),
  groups: z.array(z.object({ name: z.string(), size: z.number(), cells: z.array(cell) })),
})
export type RetentionPicture = z.infer<typeof retentionPicture>
