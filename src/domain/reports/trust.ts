/** The trust account of everybody: what was paid in and taken out, how answers and incidents weigh. */
import { z } from 'zod'
import { estimateView } from './estimate.ts'

const ledgerLine = z.object({
  id: z.string(),
  /** Points on the day they were earned or lost, and how many touchpoints that were. */
  deposits: z.number(),
  depositEntries: z.number(),
  withdrawals: z.number(),
  withdrawalEntries: z.number(),
  /** What is left of both at the end of the period, faded as the model says. */
  depositsLeft: z.number(),
  withdrawalsLeft: z.number(),
})
export type LedgerLine = z.infer<typeof ledgerLine>

const answerBand = z.object({
  id: z.string(),
  name: z.string(),
  tickets: z.number(),
  /** Points in the 30 days after the answer, without those for answers; null of too few. */
  after: estimateView.nullable(),
  /** Tickets watched for so long. */
  watched: z.number(),
})
export type AnswerBand = z.infer<typeof answerBand>

const hitPeople = z.object({
  people: z.number(),
  /** Balance of one, on average: the day before, the day after, at the end of the period. */
  before: estimateView.nullable(),
  after: estimateView.nullable(),
  end: estimateView.nullable(),
})
export type HitPeople = z.infer<typeof hitPeople>

const incident = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  /** What took most of the points. */
  because: z.string(),
  kind: z.string(),
  people: z.number(),
  /** People whose accounts were looked at one by one; the figures below are drawn from them. */
  lookedAt: z.number(),
  withdrawn: z.number(),
  /** How many times a usual day. */
  timesUsual: z.number(),
  /** People with a recovery afterwards, and the points that it gave. */
  recovered: hitPeople,
  notRecovered: hitPeople,
  returned: z.number(),
  /** Balance at the end, recovered less not recovered. */
  difference: estimateView.nullable(),
})
export type Incident = z.infer<typeof incident>

export const trustPicture = z.object({
  by: z.enum(['because', 'kind', 'channel', 'source', 'topic']),
  people: z.number(),
  steps: z.array(z.iso.date()),
  stepDays: z.number(),
  /** Sum of all balances when the period begins. */
  opening: z.number(),
  deposits: z.array(z.number()),
  withdrawals: z.array(z.number()),
  /** At the end of each step, all faded to then. */
  balance: z.array(z.number()),
  /** Points lost to fading in the period: deposits less, withdrawals less. */
  faded: z.object({ deposits: z.number(), withdrawals: z.number() }),
  lines: z.array(ledgerLine),
  answers: z.object({
    tickets: z.number(),
    answered: z.number(),
    /** Hours until half are answered; null where that is not yet so. */
    median: z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() }),
    bands: z.array(answerBand),
    open: z.number(),
  }),
  /** In the two years before the end of the period, worst first. */
  incidents: z.array(incident),
}) // prettier-ignore
export type TrustPicture = z.infer<typeof trustPicture>
