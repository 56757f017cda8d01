/**
 * What the reading API answers: one schema gives the response check, the type (also for the web
 * app) and the OpenAPI text. Times are ISO 8601 in UTC, money is in minor units with its currency,
 * dimensions are 0..100, trust is in points.
 */
import { z } from 'zod'

const time = z.iso.datetime()
export const healthColours = ['green', 'yellow', 'red'] as const
export const healthColour = z.enum(healthColours)
export type HealthColour = (typeof healthColours)[number]
export const partyKinds = ['person', 'account'] as const
export type PartyKind = (typeof partyKinds)[number]

export const partyReference = z.object({
  id: z.uuid(),
  kind: z.enum(partyKinds),
  displayName: z.string(),
})
export const rungReference = z.object({ id: z.string(), name: z.string() })

export const trustSummary = z.object({
  balance: z.number(),
  deposits: z.number(),
  withdrawals: z.number(),
})
export const valueSummary = z.object({
  currency: z.string(),
  ownMinor: z.number(),
  referredMinor: z.number(),
  influencedMinor: z.number(),
  deflectedMinor: z.number(),
  totalMinor: z.number(),
})

export const partySummary = partyReference.extend({
  rung: rungReference.extend({ since: time }),
  health: healthColour,
  healthSince: time,
  dimensions: z.record(z.string(), z.number()),
  trust: trustSummary,
  persona: z.object({ id: z.string(), name: z.string(), fit: z.number() }).nullable(),
  value: valueSummary,
  firstSeenAt: time.nullable(),
  lastSeenAt: time.nullable(),
  touchpointCount: z.number().int(),
})
export type PartySummary = z.infer<typeof partySummary>
export const partyPage = z.object({ parties: z.array(partySummary), next: z.string().nullable() })

export const identifierView = z.object({
  subjectId: z.uuid(),
  namespace: z.string(),
  value: z.string(),
  firstSeenAt: time,
})

/** A condition as a person reads it: whether it holds, and the figures behind. */
export const conditionView = z.object({
  holds: z.boolean(),
  says: z.string(),
  /** What `GET /api/parties/{id}/evidence?of=` takes to open this number; null for a group of conditions. */
  of: z.string().nullable(),
  value: z.number().nullable(),
  needs: z.number().nullable(),
  /** When this flips by time alone if nothing else happens; null where it does not. */
  flipsAt: time.nullable(),
})
export type ConditionView = z.infer<typeof conditionView>

export const dimensionView = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  score: z.number(),
  terms: z.array(
    z.object({
      name: z.string(),
      of: z.string(),
      value: z.number(),
      times: z.number(),
      part: z.number(),
    }),
  ),
})

export const measureView = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  kind: z.string(),
  /** The number (or text for first/last) as of now; null where nothing counted yet. */
  value: z.union([z.number(), z.string()]).nullable(),
  unit: z.string(),
})

export const partyDetail = partySummary.extend({
  evidence: z.array(conditionView),
  nextRung: rungReference
    .extend({ meaning: z.string(), missing: z.array(conditionView) })
    .nullable(),
  healthReasons: z.array(z.string()),
  dimensionDetails: z.array(dimensionView),
  measures: z.array(measureView),
  affinity: z.number(),
  reach: z.number(),
  loyalty: z.object({
    choices: z.number().int(),
    repeatedWithoutReconsidering: z.number().int(),
    repeatedAfterReconsidering: z.number().int(),
    reEvaluatingSince: time.nullable(),
  }),
  identifiers: z.array(identifierView),
  traits: z.record(z.string(), z.unknown()),
  accounts: z.array(partyReference),
  /** Members of an account (the first 50). */
  members: z.array(partyReference),
  mergedFrom: z.array(z.uuid()),
  asOf: time,
})
export type PartyDetail = z.infer<typeof partyDetail>

export const touchpointView = z.object({
  id: z.uuid(),
  occurredAt: time,
  receivedAt: time,
  source: z.object({ id: z.string(), name: z.string() }),
  type: z.string(),
  kind: z.string(),
  event: z.string(),
  channel: z.string(),
  bot: z.boolean(),
  amountMinor: z.number().nullable(),
  currency: z.string().nullable(),
  score: z.number().nullable(),
  sentiment: z.number().nullable(),
  properties: z.record(z.string(), z.unknown()),
  context: z.record(z.string(), z.unknown()),
})
export type TouchpointView = z.infer<typeof touchpointView>
export const touchpointPage = z.object({
  touchpoints: z.array(touchpointView),
  next: z.string().nullable(),
})

/** What came in just now, with whom it was found to be. */
export const recentPage = z.object({
  touchpoints: z.array(touchpointView.extend({ party: partyReference.nullable() })),
  next: z.string().nullable(),
})

/** One entry of the trust account, newest first. */
export const trustEntry = z.object({
  touchpointId: z.uuid(),
  at: time,
  kind: z.string(),
  event: z.string(),
  channel: z.string(),
  because: z.string(),
  /** Points on the day, positive for a deposit, negative for a withdrawal. */
  points: z.number(),
  /** What is left of it now, after decay. */
  pointsNow: z.number(),
  /** Balance right after this entry, as of its own time. */
  balanceAfter: z.number(),
  sentiment: z.number().nullable(),
  score: z.number().nullable(),
  text: z.string().nullable(),
})
export const trustStatement = trustSummary.extend({
  asOf: time,
  halfLifeDays: z.object({ deposits: z.number(), withdrawals: z.number() }),
  entries: z.array(trustEntry),
  next: z.string().nullable(),
})
export type TrustStatement = z.infer<typeof trustStatement>

/** Any number, opened: the touchpoints and weights that make it, adding up to `value`. */
export const evidenceView = z.object({
  of: z.string(),
  name: z.string(),
  formula: z.string(),
  value: z.number().nullable(),
  text: z.string().nullable(),
  asOf: time,
  contributions: z.array(
    z.object({
      touchpointId: z.uuid(),
      at: time,
      kind: z.string(),
      event: z.string(),
      channel: z.string(),
      measure: z.string(),
      because: z.string(),
      weight: z.number(),
      /** What is left of one unit by now, 0..1 (1 where nothing fades). */
      decay: z.number(),
      contribution: z.number(),
    }),
  ),
  /** Contributions beyond the newest 500, summed. */
  restCount: z.number().int(),
  restContribution: z.number(),
})
export type EvidenceView = z.infer<typeof evidenceView>

export const identityDecisionView = z.object({
  id: z.string(),
  at: time,
  action: z.enum(['merge', 'split', 'undo', 'refused']),
  by: z.string(),
  reason: z.string(),
  identifiers: z.array(z.object({ namespace: z.string(), value: z.string() })),
  undone: z.boolean(),
})

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
})
