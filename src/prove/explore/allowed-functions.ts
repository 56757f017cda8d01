/**
 * Functions that only compute. ClickHouse says of which category each function is; of those that reach
 * out (files, other servers, models, dictionaries, the engine itself) none is allowed. A function of a
 * category that we do not know is refused, so that a newer engine brings nothing in.
 */

export interface KnownFunctions {
  /** Allowed ones, in lower case. */
  readonly plain: ReadonlySet<string>
  readonly aggregates: ReadonlySet<string>
  /** All others that the engine knows. */
  readonly others: ReadonlySet<string>
}

/** A row of `functionsQuery`. */
export interface EngineFunction {
  readonly name: string
  readonly target: string
  readonly isAggregate: boolean
  readonly isOurs: boolean
  readonly categories: readonly string[]
}

export const functionsQuery = `select name, alias_to as target, is_aggregate as isAggregate,
  origin = 'System' as isOurs, arrayMap(one -> trim(one), splitByChar(',', categories)) as categories
from system.functions`

export const tableFunctions: ReadonlySet<string> = new Set([
  'numbers',
  'generateSeries',
  'generate_series',
  'values',
])

const categories: ReadonlySet<string> = new Set([
  ...['Aggregate Functions', 'Arithmetic', 'Arrays', 'Bit', 'Bitmap', 'Comparison', 'Conditional'],
  ...['Dates and Times', 'Distance', 'Encoding', 'Financial', 'Hash', 'JSON', 'Logical', 'Map'],
  ...['Mathematical', 'Null', 'Nullable', 'Random Number', 'Rounding', 'String', 'String Replacement'],
  ...['String Search', 'String Splitting', 'Time Window', 'Tuple', 'Type Conversion', 'URL', 'UUID'],
]) // prettier-ignore

/** Harmless ones of categories that also hold others. */
const further: ReadonlySet<string> = new Set([
  ...['bar', 'transform', 'materialize', 'identity', 'toTypeName', 'visibleWidth', 'version'],
  ...['formatReadableSize', 'formatReadableQuantity', 'formatReadableTimeDelta', 'byteSize'],
  ...['formatReadableDecimalSize', 'rowNumberInAllBlocks', 'runningDifference', 'neighbor'],
  ...['runningAccumulate', 'finalizeAggregation', 'initializeAggregation', 'countDigits'],
  ...['variantElement', 'variantType', 'ignore', 'seriesOutliersDetectTukey', 'seriesDecomposeSTL'],
  ...['seriesPeriodDetectFFT', 'caseWithExpression', 'nested'],
])

/** Parts of the language that the syntax tree shows as functions. */
const language = ['lambda', 'exists', 'untuple', 'grouping']
/** Harmless by their category, but not by what they do. */
const refused: ReadonlySet<string> = new Set(['chdb', 'sleep', 'sleepeachrow'])

const combinator =
  /(?:SimpleState|OrDefault|Distinct|Resample|ForEach|ArgMax|ArgMin|OrNull|Tuple|Merge|State|Array|Null|Map|If)$/i

export function knownFunctions(rows: readonly EngineFunction[]): KnownFunctions {
  const named = new Map(rows.map((row) => [row.name, row]))
  const plain = new Set(language)
  const aggregates = new Set<string>()
  const others = new Set<string>()
  for (const row of rows) {
    const meant = named.get(row.target) ?? row
    const name = row.name.toLowerCase()
    const isHarmless =
      row.isOurs &&
      !refused.has(meant.name.toLowerCase()) &&
      (row.isAggregate ||
        further.has(meant.name) ||
        meant.categories.some((category) => categories.has(category)))
    if (!isHarmless) others.add(name)
    else if (row.isAggregate) aggregates.add(name)
    else plain.add(name)
  }
  return { plain, aggregates, others }
}

export function isAllowedFunction(name: string, { plain, aggregates }: KnownFunctions): boolean {
  if (plain.has(name.toLowerCase())) return true
  for (let base = name; ; base = base.replace(combinator, '')) {
    if (aggregates.has(base.toLowerCase())) return true
    if (!combinator.test(base)) return false
  }
}
