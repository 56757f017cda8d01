/** Questions to the history of touchpoints in SQL, and their answers. */
import { z } from 'zod'
import { exportFormats } from './report-view.ts'

export const exploreQuestion = z.object({
  sql: z.string().max(50_000).describe('One SELECT over history, parties and moves.'),
})

export const exploreAnswer = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  /** There were more rows than are shown. */
  isCut: z.boolean(),
  rowsRead: z.number(),
  milliseconds: z.number(),
})
export type ExploreAnswer = z.infer<typeof exploreAnswer>

export const exploreSchema = z.object({
  views: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      columns: z.array(z.object({ name: z.string(), type: z.string(), about: z.string() })),
    }),
  ),
  examples: z.array(z.object({ title: z.string(), sql: z.string() })),
  limits: z.object({ seconds: z.number(), rowsShown: z.number(), rowsInFile: z.number() }),
})
export type ExploreSchema = z.infer<typeof exploreSchema>

export const exploreFile = exploreQuestion.extend({
  format: z.enum(exportFormats).default('csv'),
})
