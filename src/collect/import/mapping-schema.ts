/**
 * The schema of a mapping: the YAML file that says how the rows of a file become touchpoints.
 * Each entry under `touchpoints` turns one row into one event, exactly as a client would have sent
 * it, so an import is cleaned, classified and deduplicated by the same code as everything else.
 * A plain string where a value is expected names a column, or `lookup.column`. See docs/import.md.
 */
import { z } from 'zod'
import { eventTypes } from '../../domain/touchpoint.ts'

const words = z.string().min(1).max(300)
const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'a name in snake_case of at most 40 characters')
const column = z.string().min(1).max(200)
const scalar = z.union([z.string().max(2000), z.number(), z.boolean()])
const isoDate = z.iso
  .date()
  .or(z.iso.datetime({ offset: true, local: true }))
  .describe('a date such as 2017-10-01, or an ISO 8601 time')

const shaping = {
  /** Replaces what the column holds; what is not listed becomes `otherwise`, or nothing. */
  map: z.record(z.string(), scalar).optional(),
  otherwise: scalar.optional(),
  /** Where the column is empty or the looked-up row is missing. */
  empty: scalar.optional(),
  as: z.enum(['text', 'lower', 'upper', 'number', 'boolean', 'list']).default('text'),
  /** For numbers: `times * value + plus`. */
  times: z.number().optional(),
  plus: z.number().optional(),
}

/** A value of a row: a column (short: its name), a constant, or a text with `{column}` in it. */
export const valueSchema = z.union([
  column,
  z.strictObject({ constant: scalar }),
  z.strictObject({ column, ...shaping }),
  z.strictObject({ template: z.string().min(1).max(500), ...shaping }),
])

const unit = z.enum(['minute', 'hour', 'day', 'week', 'month', 'year'])

/**
 * When it happened. Formats are `iso`, `unix`, `unix_ms`, or made of yyyy yy MM M dd d HH H hh h mm ss
 * SSS a with anything else standing for itself. Two-digit years 69-99 are 19xx, 00-68 are 20xx.
 * A number of units (a week number, months since) counts from an anchor, forwards or backwards.
 */
export const timeSchema = z.union([
  z.strictObject({ constant: isoDate }),
  z.strictObject({
    column,
    format: z.string().min(1).max(40).default('iso'),
    zone: words.optional(),
    empty: isoDate.optional(),
  }),
  z.strictObject({ column, unit, after: isoDate }),
  z.strictObject({ column, unit, before: isoDate }),
])

const rowTest = z.union([
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
      /** Against another column of the row, as numbers where both are, else as text (ISO times sort so). */
      at_most_column: column,
      above_column: column,
    })
    .partial(),
])
/** All tests of a filter must hold; an empty cell does not exist. */
const rowFilter = z.record(column, rowTest)

/** How the bytes of a file become rows. */
const fileShape = {
  format: z.enum(['csv', 'ndjson']).default('csv'),
  delimiter: z.union([z.enum(['tab', 'whitespace']), z.string().length(1)]).default(','),
  /** False where the first line is already data; then `columns` names them. */
  header: z.boolean().default(true),
  columns: z.array(column).min(1).max(500).optional(),
  skip_lines: z.number().int().min(0).max(1000).default(0),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-1', 'iso-8859-15'])
    .default('utf-8'),
  compression: z.enum(['auto', 'gzip', 'none']).default('auto'),
  quote: z.string().length(1).default('"'),
  /** Spaces around a cell belong to nobody. */
  trim: z.boolean().default(true),
  /** Cells that say 'nothing'. The empty cell always does. */
  nothing: z.array(z.string().max(40)).max(20).default([]),
  decimal: z.enum(['.', ',']).default('.'),
}

const named = { message: 'a file without header needs its columns named', path: ['columns'] }
const hasColumns = (file: { header: boolean; columns?: string[] | undefined; format: string }) =>
  file.header || file.format === 'ndjson' || file.columns !== undefined

const fileSchema = z
  .strictObject({
    /** Offers this mapping for files of that name; `*` stands for anything. */
    matches: z.array(words).max(20).default([]),
    ...fileShape,
  })
  .refine(hasColumns, named)

/** A second file, held in memory: the row whose `key` equals the value of column `by`. */
const lookupSchema = z
  .strictObject({
    file: words,
    key: column,
    by: column,
    ...fileShape,
  })
  .refine(hasColumns, named)

export const amountSchema = z.strictObject({
  /** In major units: 12.50 is twelve and a half. */
  value: valueSchema,
  currency: valueSchema,
})

export const touchpointMappingSchema = z
  .strictObject({
    about: words.optional(),
    type: z.enum(eventTypes).default('track'),
    /** Event, page or screen name: a constant or a column with its own `map`. */
    event: valueSchema.optional(),
    /** Only rows for which all of these hold give this touchpoint. */
    when: rowFilter.optional(),
    /** Columns that together make the message id. `$row` is the row's number in the file. */
    id: z.array(column).min(1).max(10),
    time: timeSchema,
    /** `user_id`, `email`, `phone`, `anonymous_id` or `<system>_id` -> value. */
    identifiers: z
      .record(
        z.string().regex(/^(user_id|email|phone|anonymous_id|[a-z][a-z0-9_]{0,36}_id)$/),
        valueSchema,
      )
      .refine((by) => Object.keys(by).length > 0, 'at least one identifier'),
    /** The company that the person belongs to. */
    account: valueSchema.optional(),
    amount: amountSchema.optional(),
    /** Traits of the person, or of the account where the type is group. */
    traits: z.record(words, valueSchema).optional(),
    properties: z.record(words, valueSchema).optional(),
    /** Context by path, for example `campaign.source` or `page.referrer`. */
    context: z.record(words, valueSchema).optional(),
  })
  .refine(
    (one) => one.type !== 'track' || one.event !== undefined,
    'a track touchpoint needs an event',
  )
  .refine((one) => one.type !== 'group' || one.account !== undefined, 'a group needs an account')

export const mappingSchema = z
  .strictObject({
    mapping: words,
    about: words.optional(),
    /** Id of the source under which the touchpoints are filed; part of every message id. */
    source: name,
    file: fileSchema,
    /** IANA zone of times that carry none. */
    zone: words.refine(isZone, 'an IANA time zone such as Europe/Vienna').default('UTC'),
    lookups: z.record(name, lookupSchema).default({}),
    /** A row for which one of these holds is passed over. */
    skip: z.array(rowFilter).max(20).default([]),
    touchpoints: z
      .record(name, touchpointMappingSchema)
      .refine((by) => Object.keys(by).length > 0, 'at least one touchpoint'),
  })
  .superRefine((mapping, context) => {
    for (const unknown of unknownLookups(mapping)) {
      context.addIssue({
        code: 'custom',
        path: ['lookups', unknown],
        message: unknownLookup(unknown),
      })
    }
  })

export type Mapping = z.infer<typeof mappingSchema>
export type TouchpointMapping = z.infer<typeof touchpointMappingSchema>
export type MappedValue = z.infer<typeof valueSchema>
export type MappedTime = z.infer<typeof timeSchema>
export type RowFilter = z.infer<typeof rowFilter>

const unknownLookup = (by: string): string =>
  `the lookup is keyed by a column of a lookup that is not declared before it (${by})`

/** Lookups may chain (order -> customer), each keyed by a column of the file or of an earlier one. */
function unknownLookups(mapping: { lookups: Record<string, { by: string }> }): string[] {
  const earlier = new Set<string>()
  const all = new Set(Object.keys(mapping.lookups))
  const wrong: string[] = []
  for (const [id, lookup] of Object.entries(mapping.lookups)) {
    const [from] = lookup.by.split('.')
    if (lookup.by.includes('.') && from !== undefined && all.has(from) && !earlier.has(from)) {
      wrong.push(id)
    }
    earlier.add(id)
  }
  return wrong
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The column and, where the name starts with a declared lookup, the lookup it is read from. */
export function columnOf(
  mapping: Mapping,
  written: string,
): { lookup: string | null; column: string } {
  const dot = written.indexOf('.')
  const from = dot > 0 ? written.slice(0, dot) : ''
  return Object.hasOwn(mapping.lookups, from)
    ? { lookup: from, column: written.slice(dot + 1) }
    : { lookup: null, column: written }
}
