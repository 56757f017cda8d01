/** Ladder flows: who stood on which rung and moved where, how long people stay, where they enter. */
import { z } from 'zod'

/** A rung's id; empty where somebody was not known yet. */
const place = z.string()
const estimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})

export const entrySources = ['channel', 'source', 'campaign'] as const

export const ladderFlowsPicture = z.object({
  rungs: z.array(z.object({ id: z.string(), name: z.string(), people: z.number() })),
  /** Moments at which it was looked, oldest first. */
  cuts: z.array(z.iso.datetime()),
  /** People by where they stood at a cut (the place in `cuts`) and at the next one. */
  flows: z.array(
    z.object({ cut: z.number().int(), from: place, to: place, people: z.number().int() }),
  ),
  /** The same from the first cut to the last. */
  change: z.array(z.object({ from: place, to: place, people: z.number().int() })),
  summary: z.object({
    atStart: z.number().int(),
    entered: z.number().int(),
    rose: z.number().int(),
    fell: z.number().int(),
    /** Stood higher at the start, or came in the period, and are unaware at the end. */
    leftUnaware: z.number().int(),
    atEnd: z.number().int(),
  }),
  stays: z.array(
    z.object({
      rung: z.string(),
      /** Stays so far, and how many of them are over. */
      stays: z.number().int(),
      over: z.number().int(),
      /** Kaplan-Meier, in days: the time by which half have gone on. */
      medianDays: estimate,
      /** There at the end of the period, and how many of them longer than the median. */
      here: z.number().int(),
      longer: z.number().int(),
      longerShare: estimate,
    }),
  ),
  entries: z.array(z.object({ source: z.string(), rung: z.string(), people: z.number().int() })),
  entryBy: z.enum(entrySources),
  /** Of the rung that was asked for. */
  chosen: z
    .object({
      rung: z.string(),
      /** The share still there after so many days, with its interval; null where nobody is watched any more. */
      days: z.array(z.number()),
      still: z.array(z.number().nullable()),
      low: z.array(z.number().nullable()),
      high: z.array(z.number().nullable()),
      /** Who has been there longer than the median, the latest first. */
      people: z.array(z.object({ id: z.string(), name: z.string(), days: z.number() })),
    })
    .nullable(),
})
export type LadderFlowsPicture = z.infer<typeof ladderFlowsPicture>
