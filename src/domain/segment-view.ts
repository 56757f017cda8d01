/**
 * What a segment is and what the API answers about it. A condition tree is a group of rules, as
 * react-querybuilder makes them: `{ combinator, not, rules }`, each rule `{ field, operator, value }`
 * with what its field needs besides. `GET /api/segments/fields` lists the fields.
 */
import { z } from 'zod'
import { channels, touchpointKinds } from './touchpoint-kind.ts'
import { partyKinds, partyReference } from './view.ts'

const time = z.iso.datetime()

export const segmentOperators = [
  'equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with',
  'exists', 'not_exists', 'at_least', 'at_most', 'above', 'below', 'between', 'any', 'none',
  'happened', 'not_happened',
] as const // prettier-ignore
export type SegmentOperator = (typeof segmentOperators)[number]
const operator = z.enum(segmentOperators)

const duration = z.string().regex(/^[1-9]\d{0,3}[hdw]$/, 'Write a duration such as 36h, 30d or 8w.')
/** PostgreSQL has no NUL in texts. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((some) => !some.includes('\u0000'), 'Leave the NUL character out.')
const scalar = z.union([z.string().max(300), z.number(), z.boolean()])
const scalars = z.array(scalar).min(1).max(1_000)
export type Scalar = z.infer<typeof scalar>

/** A field of a touchpoint. */
const property = z
  .string()
  .regex(
    /^(amount|score|sentiment|event|channel|source|days|(properties|context)(\.[A-Za-z0-9_ -]{1,60}){1,5})$/,
    'Write amount, score, sentiment, event, channel, source, properties.x or context.x.',
  )

export const propertyTest = z.strictObject({
  property,
  operator,
  value: z.union([scalar, scalars]).optional(),
})
export type PropertyTest = z.infer<typeof propertyTest>

/** Which touchpoints; robots never count. Without kinds: of any kind. */
export const touchpointFilter = z.strictObject({
  kinds: z.array(z.enum(touchpointKinds)).min(1).max(touchpointKinds.length).optional(),
  events: z.array(text(200)).min(1).max(60).optional(),
  channels: z.array(z.enum(channels)).min(1).max(channels.length).optional(),
  where: z.array(propertyTest).min(1).max(20).optional(),
})
export type TouchpointFilter = z.infer<typeof touchpointFilter>

/** A step of a sequence. The first has neither `within` nor `without`. */
export const sequenceStep = z.strictObject({
  of: touchpointFilter,
  /** At most so long after the step before. */
  within: duration.optional(),
  /** None of these since the step before. */
  without: touchpointFilter.optional(),
})
export type SequenceStep = z.infer<typeof sequenceStep>

const ruleShape = {
  id: z.string().max(80).optional(),
  field: text(120),
  operator,
  /** What touchpoint.* and the anchor `since` count. */
  of: touchpointFilter.optional(),
  /** Only the time since the newest of these. */
  since: touchpointFilter.optional(),
  /** Only the last so long. */
  within: duration.optional(),
  property: property.optional(),
  steps: z.array(sequenceStep).min(2).max(6).optional(),
  /** Which dice are thrown for `bucket`: with another salt people fall into others. */
  salt: text(80).optional(),
  /** Made by the server for `list`: the identifiers that it stands for. */
  subjects: z.array(z.uuid()).max(1_000).optional(),
}

/** A rule whose value is looked at by the check of its field. */
export const looseRule = z.strictObject({ ...ruleShape, value: z.unknown().optional() })
const combinator = z.enum(['and', 'or'])
const groupShape = {
  id: z.string().max(80).optional(),
  combinator,
  /** True turns the whole group around. */
  not: z.boolean().optional(),
}
/** A group whose rules are looked at one by one. */
export const looseGroup = z.strictObject({ ...groupShape, rules: z.array(z.unknown()) })

export interface SegmentGroup {
  id?: string | undefined
  combinator: 'and' | 'or'
  not?: boolean | undefined
  rules: SegmentNode[]
}
export type SegmentRule = Omit<z.infer<typeof looseRule>, 'value'> & {
  value?: Scalar | Scalar[] | SegmentGroup | undefined
}
export type SegmentNode = SegmentRule | SegmentGroup

export const isGroup = (node: SegmentNode): node is SegmentGroup => 'rules' in node

/** In answers a tree is told as it was saved: it was checked then. */
const tree = z
  .looseObject({ ...groupShape, rules: z.array(z.looseObject({})) })
  .describe(
    'A group of rules and of groups. GET /api/segments/fields says what a rule may be.',
  ) as unknown as z.ZodType<SegmentGroup>

export const segmentStates = ['building', 'serving', 'broken'] as const

export const segmentView = z.object({
  id: z.uuid(),
  name: z.string(),
  about: z.string(),
  kind: z.enum(partyKinds),
  version: z.number().int(),
  /** The version that membership is of now; null where none has been built yet. */
  servingVersion: z.number().int().nullable(),
  state: z.enum(segmentStates),
  /** Why it is broken, and what to do. */
  reason: z.string().nullable(),
  tree,
  members: z.number().int(),
  evaluatedAt: time.nullable(),
  /** What evaluating everybody took. */
  milliseconds: z.number().int().nullable(),
  createdAt: time,
  createdBy: z.string(),
})
export type SegmentView = z.infer<typeof segmentView>
export const segmentList = z.object({ segments: z.array(segmentView) })

export const segmentFault = z.object({ path: z.string(), message: z.string() })
export type SegmentFault = z.infer<typeof segmentFault>

export const segmentPreview = z.object({
  kind: z.enum(partyKinds),
  /** How many are inside: exact, or an estimate from an even sample with its 95 % interval. */
  count: z.number().int(),
  exact: z.boolean(),
  low: z.number().int(),
  high: z.number().int(),
  /** Of so many parties in all. */
  parties: z.number().int(),
  /** How many were looked at. */
  looked: z.number().int(),
  sample: z.array(partyReference),
  milliseconds: z.number().int(),
  /** False while the exact count is being made in the background: ask again with the same tree. */
  final: z.boolean(),
})
export type SegmentPreview = z.infer<typeof segmentPreview>

export const segmentMemberPage = z.object({
  members: z.array(z.object({ party: partyReference, since: time })),
  next: z.string().nullable(),
})
export const segmentChangeView = z.object({
  id: z.string(),
  at: time,
  what: z.enum(['entered', 'left']),
  because: z.string(),
  segment: z.object({ id: z.uuid(), name: z.string() }),
  party: partyReference,
})
export const segmentChangePage = z.object({
  changes: z.array(segmentChangeView),
  next: z.string().nullable(),
})

/** What a segment asked over time, newest first. A member's entry is told by the version that served. */
export const segmentVersionPage = z.object({
  versions: z.array(
    z.object({
      version: z.number().int(),
      tree: z.unknown(),
      createdAt: time,
      createdBy: z.string(),
    }),
  ),
  next: z.string().nullable(),
})

export interface WhyNode {
  holds: boolean
  says: string
  /** `and`, `or` for groups; null for a single condition. */
  combinator: 'and' | 'or' | null
  not: boolean
  /** What was found, as a person reads it; null for groups. */
  found: string | null
  /** When this changes by time alone if nothing else happens. */
  flipsAt: string | null
  parts: WhyNode[]
}
const whyNode: z.ZodType<WhyNode> = z
  .object({
    holds: z.boolean(),
    says: z.string(),
    combinator: combinator.nullable(),
    not: z.boolean(),
    found: z.string().nullable(),
    flipsAt: time.nullable(),
    parts: z.array(z.lazy(() => whyNode)),
  })
  .meta({ id: 'WhyNode' })
export const segmentWhy = z.object({
  segment: z.object({ id: z.uuid(), name: z.string() }),
  party: partyReference,
  at: time,
  inside: z.boolean(),
  tree: whyNode,
})

export const segmentOverlap = z.object({
  segments: z.array(z.object({ id: z.uuid(), name: z.string(), members: z.number().int() })),
  /** For each pair: how many are in both, and as share of those in either (Jaccard). */
  pairs: z.array(
    z.object({ a: z.uuid(), b: z.uuid(), both: z.number().int(), jaccard: z.number() }),
  ),
  /** In all of them. */
  all: z.number().int(),
})

export const segmentPreset = z.object({
  id: z.string(),
  name: z.string(),
  why: z.string(),
  kind: z.enum(partyKinds),
  tree,
})
export const segmentField = z.object({
  field: z.string(),
  name: z.string(),
  group: z.string(),
  type: z.enum(['number', 'text', 'choice', 'percent', 'list', 'segment', 'account', 'touchpoints', 'sequence']), // prettier-ignore
  operators: z.array(operator),
  unit: z.string().optional(),
  choices: z.array(z.object({ value: z.string(), name: z.string() })).optional(),
  /** What the rule may or must have besides field, operator and value. */
  takes: z.array(z.string()).optional(),
})
export type SegmentField = z.infer<typeof segmentField>
export const segmentFields = z.object({
  fields: z.array(segmentField),
  kinds: z.array(z.string()),
  channels: z.array(z.string()),
  limits: z.object({ depth: z.number().int(), rules: z.number().int() }),
})
export const partySegments = z.object({
  segments: z.array(z.object({ id: z.uuid(), name: z.string(), since: time })),
})
