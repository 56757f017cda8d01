/** What the reading API answers about imports. See view.ts for the units. */
import { z } from 'zod'

const time = z.iso.datetime()

/** One import of a file: rows of the file, and touchpoints that they gave. */
export const importView = z.object({
  id: z.uuid(),
  source: z.object({ id: z.string(), name: z.string() }),
  fileName: z.string(),
  state: z.enum(['running', 'paused', 'done', 'failed']),
  bytesDone: z.number().int(),
  bytesTotal: z.number().int(),
  rows: z.number().int(),
  accepted: z.number().int(),
  duplicate: z.number().int(),
  /** Faulty rows and refused touchpoints; they are listed in `errors.csv` where `hasErrorFile`. */
  rejected: z.number().int(),
  skipped: z.number().int(),
  hasErrorFile: z.boolean(),
  /** Why it failed. */
  message: z.string().nullable(),
  startedAt: time,
  updatedAt: time,
})
export type ImportView = z.infer<typeof importView>

/** What an unknown file holds, with a mapping (YAML) to begin with. */
export const importPreview = z.object({
  format: z.enum(['csv', 'ndjson']),
  encoding: z.string(),
  delimiter: z.string(),
  header: z.boolean(),
  columns: z.array(z.string()),
  /** What each column seems to hold, in the order of `columns`. */
  guesses: z.array(z.object({ kind: z.string(), example: z.string() })),
  rows: z.array(z.array(z.string())),
  suggestedMapping: z.string(),
  /** What a person should look at before importing. */
  remarks: z.array(z.string()),
})
export type ImportPreview = z.infer<typeof importPreview>
