/**
 * A report: a question to the history of touchpoints, answered as a picture with its tables. Every report
 * takes the same period, segment and comparison; what else it takes and shows is its own.
 */
import { z } from 'zod'

const day = z.iso.date()
const longestDays = 7300

/**
 * What every report is asked with. Days are in UTC; `to` is included. A period said in `days` moves on
 * with the calendar, so a link, a pin or a schedule asks for the last 30 days whenever it is opened.
 */
export const reportQuery = z.object({
  from: day
    .optional()
    .describe('First day, for example 2026-08-01. Default: `days` before the end of `to`.'),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(longestDays)
    .optional()
    .describe('The last so many days up to `to`, where `from` is not said. Default: 90.'),
  to: day.optional().describe('Last day, included. Default: today.'),
  segment: z.uuid().optional().describe('Only people who are in this segment now.'),
  compare: z
    .union([z.enum(['previous', 'rest']), z.uuid()])
    .optional()
    .describe('`previous` period, the `rest` (everybody outside the segment), or another segment.'),
})
export type ReportQuery = z.infer<typeof reportQuery>

/** How a column is read: the app formats by it, files carry the plain value. */
export const columnUnits = [
  'text',
  'count',
  'number',
  'share',
  'money',
  'days',
  'time',
  'day',
] as const
export const reportCell = z.union([z.string(), z.number(), z.boolean(), z.null()])
export const reportTable = z.object({
  id: z.string(),
  title: z.string(),
  columns: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      unit: z.enum(columnUnits),
      /** Of `money`, in minor units. */
      currency: z.string().optional(),
    }),
  ),
  rows: z.array(z.array(reportCell)),
})
export type ReportTable = z.infer<typeof reportTable>

export const reportPeriod = z.object({ from: day, to: day, days: z.number().int() })
export type ReportPeriod = z.infer<typeof reportPeriod>

export const reportAnswerOf = <Picture extends z.ZodType>(picture: Picture) =>
  z.object({
    report: z.string(),
    period: reportPeriod,
    segment: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    picture,
    /** The same for what it is compared with. */
    compared: z.object({ with: z.string(), period: reportPeriod, picture }).nullable(),
    tables: z.array(reportTable),
    /** Methods and sources, limits that were met: one sentence each. */
    notes: z.array(z.string()),
    asOf: z.iso.datetime(),
    milliseconds: z.number(),
  })

export interface ReportAnswer<Picture> {
  readonly report: string
  readonly period: ReportPeriod
  readonly segment: { readonly id: string; readonly name: string } | null
  readonly picture: Picture
  readonly compared: {
    readonly with: string
    readonly period: ReportPeriod
    readonly picture: Picture
  } | null
  readonly tables: ReportTable[]
  readonly notes: string[]
  readonly asOf: string
  readonly milliseconds: number
}

export const reportListing = z.object({
  reports: z.array(z.object({ id: z.string(), title: z.string(), about: z.string() })),
})

export const exportFormats = ['csv', 'ndjson', 'parquet'] as const
export type ExportFormat = (typeof exportFormats)[number]
