/** What the reading API answers about a proposed model. */
import { z } from 'zod'
import { healthColour, partyReference } from './view.ts'

export const modelMove = z.object({
  party: partyReference,
  from: z.string(),
  to: z.string(),
  healthFrom: healthColour,
  healthTo: healthColour,
})
export const modelCheck = z.object({
  ok: z.boolean(),
  errors: z.array(z.object({ line: z.number().int(), path: z.string(), message: z.string() })),
  /** Segments that this model would break, and why: nobody would enter or leave them any more. */
  brokenSegments: z.array(z.object({ id: z.uuid(), name: z.string(), reason: z.string() })),
  /** What would change, were this model applied now. Null where the model has errors. */
  dryRun: z
    .object({
      parties: z.number().int(),
      moved: z.number().int(),
      before: z.record(z.string(), z.number().int()),
      after: z.record(z.string(), z.number().int()),
      sample: z.array(modelMove),
    })
    .nullable(),
})
