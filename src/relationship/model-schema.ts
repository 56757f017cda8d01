/**
 * The schema of a model: the YAML file that says what counts, for how long, and what it means.
 * One schema gives the validation, the TypeScript types and the JSON Schema shown in the app.
 * Durations are written `36h`, `30d`, `8w`; weights are plain numbers; names are `snake_case`.
 */
import { z } from 'zod'
import { channels, touchpointKinds } from '../domain/touchpoint-kind.ts'
import { eventTypes } from '../domain/touchpoint.ts'

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name in snake_case of at most 40 characters')
const words = z.string().min(1).max(300)
const duration = z.string().regex(/^[1-9]\d{0,3}[hdw]$/, 'a duration such as 36h, 30d or 8w')
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(60)])

/** A field of a touchpoint: `amount` (base currency), `score`, `sentiment`, `occurred_at`, or a path. */
const field = z
  .string()
  .regex(
    /^(amount|score|sentiment|occurred_at|event|channel|source|(properties|traits|context)(\.[A-Za-z0-9_ -]{1,60}){1,5})$/,
    'amount, score, sentiment, occurred_at, event, channel, source, or properties.x, traits.x, context.x',
  )

const scalar = z.union([z.string().max(200), z.number(), z.boolean()])
const test = z.union([
  scalar,
  z
    .strictObject({
      is: scalar,
      in: z.array(scalar).min(1).max(200),
      not: scalar,
      at_least: z.number(),
      at_most: z.number(),
      contains: z.string().min(1).max(100),
      exists: z.boolean(),
    })
    .partial(),
])

export const filterSchema = z.strictObject({
  kind: oneOrMore(z.enum(touchpointKinds)).optional(),
  type: oneOrMore(z.enum(eventTypes)).optional(),
  event: oneOrMore(z.string().min(1).max(200)).optional(),
  channel: oneOrMore(z.enum(channels)).optional(),
  where: z.record(field, test).optional(),
})

/** A weight: a number, or `clamp(times * field + plus, min, max)`. */
const weight = z.union([
  z.number(),
  z.strictObject({
    field,
    times: z.number().default(1),
    plus: z.number().default(0),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
])

const marks = { name: words, about: words.optional() }
const plainEntry = z.strictObject({ when: filterSchema })
const weightedEntry = plainEntry.extend({ weight: weight.default(1), because: words.optional() })
const valueEntry = plainEntry.extend({ field })
const taggedEntry = plainEntry.extend({ tag: name })
const entries = <T extends z.ZodType>(entry: T) => z.array(entry).min(1).max(100)

export const measureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), ...marks, of: entries(plainEntry) }),
  z.strictObject({ kind: z.literal('sum'), ...marks, unit: words.optional(), of: entries(weightedEntry) }),
  z.strictObject({ kind: z.literal('decayed_sum'), ...marks, half_life: duration, of: entries(weightedEntry) }),
  z.strictObject({ kind: z.literal('minimum'), ...marks, of: entries(valueEntry) }),
  z.strictObject({ kind: z.literal('maximum'), ...marks, of: entries(valueEntry) }),
  z.strictObject({ kind: z.literal('first'), ...marks, of: entries(valueEntry) }),
  z.strictObject({ kind: z.literal('last'), ...marks, of: entries(valueEntry) }),
  z.strictObject({ kind: z.literal('days'), ...marks, of: entries(plainEntry) }),
  z.strictObject({ kind: z.literal('weeks'), ...marks, of: entries(plainEntry) }),
  z.strictObject({
    kind: z.literal('recent'),
    ...marks,
    keep: z.number().int().min(2).max(64).default(32),
    of: entries(taggedEntry),
  }),
]) // prettier-ignore

const repeats = z.strictObject({
  choice: name,
  comparison: name,
  reconsidered: z.boolean().default(false),
})

/** A number read from a relationship at a moment. Ages are in days. */
const termShape = {
  measure: name.optional(),
  /** For `days` and `weeks`: only marks of the last so many days. */
  within: duration.optional(),
  /** Days since the newest mark (or since the time that a minimum/maximum of `occurred_at` holds). */
  age: z.literal(true).optional(),
  /** For `recent`: how many marks carry this tag. */
  count: name.optional(),
  /** For `recent`: choices repeated with (or without) a comparison since the choice before. */
  repeats: repeats.optional(),
  dimension: name.optional(),
  persona_fit: z.literal(true).optional(),
  trust_balance: z.literal(true).optional(),
}
type TermParts = Partial<Record<'measure' | 'dimension' | 'persona_fit' | 'trust_balance', unknown>>
const namesOne = ({ measure, dimension, persona_fit: fit, trust_balance: balance }: TermParts) =>
  [measure, dimension, fit, balance].filter((part) => part !== undefined).length === 1
const oneName = 'exactly one of measure, dimension, persona_fit, trust_balance'
export const termSchema = z.strictObject(termShape).refine(namesOne, oneName)
const weightedTerm = z
  .strictObject({ ...termShape, times: z.number().default(1) })
  .refine(namesOne, oneName)

const leafShape = {
  ...termShape,
  at_least: z.number().optional(),
  at_most: z.number().optional(),
  /** What a person reads when this condition decides; a sentence is made where it is missing. */
  says: words.optional(),
}
const leaf = z
  .strictObject(leafShape)
  .refine(namesOne, oneName)
  .refine(
    (condition) => (condition.at_least === undefined) !== (condition.at_most === undefined),
    'a condition needs exactly one of at_least, at_most',
  )

export type Leaf = z.infer<typeof leaf>
export type Condition = Leaf | { all: Condition[] } | { any: Condition[] } | { not: Condition }

export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([conditionGroups.all, conditionGroups.any, conditionGroups.not, leaf]),
)

/** Conditions of conditions, by the key that tells them apart. */
export const conditionGroups = {
  all: z.strictObject({ all: z.array(conditionSchema).max(30) }),
  any: z.strictObject({ any: z.array(conditionSchema).min(1).max(30) }),
  not: z.strictObject({ not: conditionSchema }),
}

const rung = z.strictObject({ id: name, name: words, meaning: words, when: conditionSchema })
const alarm = z.strictObject({ because: words, when: conditionSchema })
const persona = z.strictObject({
  id: name,
  name: words,
  about: words.optional(),
  /** Weighted trait tests; the fit is the share of weight that holds, 0..100. */
  fit: z
    .array(
      z.strictObject({
        trait: z.string().regex(/^[A-Za-z0-9_]{1,60}$/),
        test,
        weight: z.number().positive().default(1),
      }),
    )
    .min(1)
    .max(20),
})

export const modelSchema = z.strictObject({
  model: words,
  about: words.optional(),
  currency: z
    .strictObject({
      base: z.string().regex(/^[A-Z]{3}$/),
      /** Units of the base currency for one unit of the other. */
      rates: z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive()).default({}),
    })
    .default({ base: 'EUR', rates: {} }),
  measures: z.record(name, measureSchema),
  trust: z.strictObject({ deposits: name, withdrawals: name }),
  dimensions: z.record(
    name,
    z.strictObject({
      name: words,
      about: words.optional(),
      /** The weighted total at which the dimension reads 50: score = 100 * (1 - 2^(-total/half)). */
      half: z.number().positive(),
      of: z.array(weightedTerm).min(1).max(20),
    }),
  ),
  rungs: z.array(rung).min(2).max(12),
  health: z.strictObject({ red: z.array(alarm).max(20), yellow: z.array(alarm).max(20) }),
  personas: z.array(persona).max(12).default([]),
  /** A person counts as reached-and-qualified from this persona fit (0..100) on. */
  qualified_from: z.number().min(0).max(100).default(50),
  /** Value so far, in the base currency: names of `sum` measures. */
  value: z.strictObject({
    own: name,
    referred: name.optional(),
    influenced: name.optional(),
    deflected: name.optional(),
  }),
  /** Affinity (love) and reach (influence), each a total of terms. */
  affinity: z.array(weightedTerm).max(20).default([]),
  reach: z.array(weightedTerm).max(20).default([]),
})

export type Model = z.infer<typeof modelSchema>
export type Measure = z.infer<typeof measureSchema>
export type MeasureKind = Measure['kind']
export type Filter = z.infer<typeof filterSchema>
export type Test = z.infer<typeof test>
export type Weight = z.infer<typeof weight>
export type Term = z.infer<typeof termSchema>
export type WeightedTerm = z.infer<typeof weightedTerm>
export type Rung = z.infer<typeof rung>
export type Persona = z.infer<typeof persona>
export type Alarm = z.infer<typeof alarm>
