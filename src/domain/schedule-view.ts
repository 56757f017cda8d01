/** Reports that are sent at set times, and what became of each sending. */
import { z } from 'zod'
import { storedQuery } from './dashboard-view.ts'

export const rhythms = ['day', 'week', 'month'] as const
export const deliveryFormats = ['csv', 'pdf', 'png'] as const
export type DeliveryFormat = (typeof deliveryFormats)[number]
export const deliveryChannels = ['email', 'webhook'] as const
export const deliveryStates = ['waiting', 'sending', 'sent', 'failed'] as const

/** When: at an hour on a wall of that zone, each day, week or month. */
export const rhythm = {
  every: z.enum(rhythms),
  hour: z.number().int().min(0).max(23),
  minute: z.number().int().min(0).max(59),
  zone: z.string().max(60).describe('IANA name of a time zone, such as Europe/Berlin.'),
  weekday: z.number().int().min(1).max(7).nullable().describe('Where weekly. 1 is Monday.'),
  monthDay: z
    .number()
    .int()
    .min(1)
    .max(31)
    .nullable()
    .describe('Where monthly. A month that is shorter has it on its last day.'),
}
export type Rhythm = z.infer<z.ZodObject<typeof rhythm>>

const target = z.string().trim().min(3).max(500)

/** What is said of a schedule when it is made or changed. */
export const scheduleDraft = z.strictObject({
  report: z.string().max(60),
  title: z.string().trim().min(1).max(120),
  query: storedQuery,
  ...rhythm,
  weekday: rhythm.weekday.default(null),
  monthDay: rhythm.monthDay.default(null),
  channel: z.enum(deliveryChannels),
  targets: z
    .array(target)
    .min(1)
    .max(20)
    .describe('E-mail addresses, or the one address of a webhook.'),
  formats: z.array(z.enum(deliveryFormats)).min(1).max(deliveryFormats.length),
  paused: z.boolean().default(false),
})
export type ScheduleDraft = z.infer<typeof scheduleDraft>

export const deliveryView = z.object({
  dueAt: z.iso.datetime(),
  state: z.enum(deliveryStates),
  attempts: z.number().int(),
  nextTryAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
  sentAt: z.iso.datetime().nullable(),
})
export type DeliveryView = z.infer<typeof deliveryView>
export const deliveryList = z.object({ deliveries: z.array(deliveryView) })

export const scheduleView = z.object({
  id: z.uuid(),
  report: z.string(),
  title: z.string(),
  query: storedQuery,
  ...rhythm,
  channel: z.enum(deliveryChannels),
  targets: z.array(z.string()),
  formats: z.array(z.enum(deliveryFormats)),
  paused: z.boolean(),
  nextAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  /** Signs webhooks (Standard Webhooks): receivers check with it. */
  secret: z.string().nullable(),
  last: deliveryView.nullable(),
})
export type ScheduleView = z.infer<typeof scheduleView>

/** What this installation can send, and what to set where it cannot. */
export const deliveryAbilities = z.object({ email: z.boolean(), pictures: z.boolean() })
export type DeliveryAbilities = z.infer<typeof deliveryAbilities>
export const scheduleList = z.object({
  schedules: z.array(scheduleView),
  can: deliveryAbilities,
})
export type ScheduleList = z.infer<typeof scheduleList>
