/** Dashboards: reports pinned beside each other, each with what it was asked. */
import { z } from 'zod'

/** What a report is asked, as in its address. A period said in `days` moves on with the calendar. */
export const storedQuery = z
  .record(z.string().min(1).max(60), z.string().max(2000))
  .refine((query) => Object.keys(query).length <= 30, 'has 30 parameters at most')
  .describe('The parameters of the report, as in its address.')
export type StoredQuery = z.infer<typeof storedQuery>

export const pinView = z.object({
  id: z.uuid(),
  report: z.string(),
  title: z.string(),
  query: storedQuery,
  wide: z.boolean(),
})
export type PinView = z.infer<typeof pinView>

export const dashboardView = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  pins: z.array(pinView),
})
export type DashboardView = z.infer<typeof dashboardView>

export const dashboardList = z.object({
  dashboards: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      titles: z.array(z.string()),
      createdBy: z.string(),
    }),
  ),
})
export type DashboardList = z.infer<typeof dashboardList>

export const dashboardDraft = z.strictObject({ name: z.string().trim().min(1).max(80) })

const title = z.string().trim().min(1).max(120)
export const pinDraft = z.strictObject({
  report: z.string().max(60),
  title,
  query: storedQuery,
  wide: z.boolean().default(false),
  position: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Place among the others, from 0. Default: the last.'),
})
export type PinDraft = z.infer<typeof pinDraft>
export const pinChange = z.strictObject({ title, wide: z.boolean() })
export const pinOrder = z.strictObject({ ids: z.array(z.uuid()).max(100) })
