/** What the reading API answers about everybody: ladder, movers, calendars, reach. */
import { z } from 'zod'
import { healthColour, partyReference, rungReference } from './view.ts'

const time = z.iso.datetime()

export const transitionView = z.object({
  id: z.string(),
  at: time,
  what: z.enum(['rung', 'health']),
  from: z.string().nullable(),
  to: z.string(),
  /** 1 up (or better), -1 down (or worse). */
  direction: z.number().int(),
  because: z.string(),
})
export type TransitionView = z.infer<typeof transitionView>
export const moverView = transitionView.extend({ party: partyReference })
export const healthDay = z.object({ day: z.iso.date(), health: healthColour.nullable() })
export const healthCountDay = z.object({
  day: z.iso.date(),
  green: z.number().int(),
  yellow: z.number().int(),
  red: z.number().int(),
})

export const ladderView = z.object({
  asOf: time,
  days: z.number().int(),
  total: z.number().int(),
  rungs: z.array(
    rungReference.extend({
      meaning: z.string(),
      count: z.number().int(),
      rose: z.number().int(),
      slipped: z.number().int(),
    }),
  ),
  flows: z.array(
    z.object({ from: z.string().nullable(), to: z.string(), count: z.number().int() }),
  ),
  history: z.array(z.object({ day: z.iso.date(), counts: z.record(z.string(), z.number().int()) })),
  health: z.object({ green: z.number().int(), yellow: z.number().int(), red: z.number().int() }),
})
export type LadderView = z.infer<typeof ladderView>

export const reachView = z.object({
  days: z.number().int(),
  raw: z.number().int(),
  qualified: z.number().int(),
  channels: z.array(
    z.object({ channel: z.string(), raw: z.number().int(), qualified: z.number().int() }),
  ),
})
