/** A number with the interval of 95 % that belongs to it. */
import { z } from 'zod'

export const estimateView = z.object({ value: z.number(), low: z.number(), high: z.number() })
export type EstimateView = z.infer<typeof estimateView>
