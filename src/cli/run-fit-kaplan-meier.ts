/** What `rapport fit kaplanmeier` does. */
import { RapportError } from '../domain/error.ts'
import {
  kaplanMeier,
  survivalAt,
  survivalQuantile,
  type SurvivalCurve,
} from '../math/kaplan-meier.ts'
import { logRank, type LogRank } from '../math/log-rank.ts'
import { readSurvival, type SurvivalColumns } from './survival-source.ts'
import { sayChance, sayNumber, sayTable } from './say-table.ts'
import type { KaplanMeierOptions } from './fit-survival-options.ts'
import type { Output } from './output.ts'

export interface FitKaplanMeierRequest {
  readonly output: Output
  readonly file: string
  readonly options: KaplanMeierOptions
}

interface Group {
  /** Null where nothing was grouped. */
  readonly name: string | null
  readonly rows: number
  readonly curve: SurvivalCurve
}

const mostGroups = 100

export async function runFitKaplanMeier(request: FitKaplanMeierRequest): Promise<void> {
  const { output, file, options } = request
  const { group, strata } = options
  const columns = await readSurvival({
    ...{ file, options, numbers: [] },
    texts: [...(group ? [group] : []), ...(strata ? [strata] : [])],
  })
  checkTimes(columns)
  const groups = groupsOf(columns, options)
  const test = group ? testOf(columns, options) : null
  const times = options.at.length > 0 ? options.at : null
  output.say(inWords(groups, test, { times, columns }), {
    ...{ kind: 'kaplanmeier', rows: columns.rows, leftOut: columns.leftOut },
    ...{ confidence: options.confidence, scale: options.scale },
    groups: groups.map((one) => asData(one, times)),
    logRank: test && { ...test, observed: [...test.observed], expected: [...test.expected] },
  })
}

function checkTimes({ time, start }: SurvivalColumns): void {
  const wrong = time.findIndex((one) => !(one >= 0 && one < Infinity))
  if (wrong >= 0)
    throw new RapportError('invalid_analysis', `A time is ${time[wrong]}: times are from 0 on.`)
  const late = start?.findIndex((one, i) => !(one < (time[i] ?? 0))) ?? -1
  if (late >= 0)
    throw new RapportError(
      'invalid_analysis',
      `A line starts at ${start?.[late]}, and ends before.`,
    )
}

function groupsOf(columns: SurvivalColumns, options: KaplanMeierOptions): Group[] {
  const { time, event, weights, start, texts } = columns
  const { scale, confidence } = options
  const curveOf = (keep: ((i: number) => boolean) | null): SurvivalCurve => {
    const pick = (column: Float64Array): Float64Array =>
      keep ? column.filter((_, i) => keep(i)) : column
    return kaplanMeier(pick(time), keep ? event.filter((_, i) => keep(i)) : event, {
      ...{ scale, confidence },
      weights: weights && pick(weights),
      entries: start && pick(start),
    })
  }
  const column = options.group ? texts[0] : undefined
  if (!column) return [{ name: null, rows: columns.rows, curve: curveOf(null) }]
  if (column.values.length > mostGroups)
    throw new RapportError('invalid_analysis', `There are more than ${mostGroups} groups.`)
  const sizes = new Float64Array(column.values.length)
  for (const code of column.codes) sizes[code] = (sizes[code] ?? 0) + 1
  return column.values.flatMap((name, code) => {
    const rows = sizes[code] ?? 0
    return rows === 0 ? [] : [{ name, rows, curve: curveOf((i) => column.codes[i] === code) }]
  })
}

function testOf({ time, event, texts }: SurvivalColumns, options: KaplanMeierOptions): LogRank {
  if (options.weight || options.start)
    throw new RapportError(
      'invalid_analysis',
      'The log-rank test takes neither weights nor late starts. Use "rapport fit cox --categories".',
    )
  const [groups, strata] = texts
  return logRank({
    ...{ durations: time, happened: event, groups: groups?.codes ?? [] },
    ...(strata ? { strata: strata.codes } : {}),
  })
}

function asData({ name, rows, curve }: Group, times: readonly number[] | null) {
  const { events, atRisk, survival, error, low, high } = curve
  const finite = (value: number | undefined): number | null =>
    value === undefined || Number.isNaN(value) ? null : value
  const point = (at: number) => ({
    ...{ time: curve.times[at], atRisk: atRisk[at], events: events[at], survival: survival[at] },
    ...{ error: finite(error[at]), low: finite(low[at]), high: finite(high[at]) },
  })
  return {
    ...{ group: name, rows, events: events.reduce((sum, one) => sum + one, 0) },
    median: survivalQuantile(curve),
    survival: times
      ? times.map((time) => {
          const { value, low: least, high: most } = survivalAt(curve, time)
          return { time, survival: value, low: finite(least), high: finite(most) }
        })
      : [...events.keys()].filter((at) => (events[at] ?? 0) > 0).map(point),
  }
}

interface Context {
  readonly times: readonly number[] | null
  readonly columns: SurvivalColumns
}

function inWords(
  groups: readonly Group[],
  test: LogRank | null,
  { times, columns }: Context,
): string {
  const range = (one: { low: number | null; high: number | null }): string =>
    `${one.low === null ? 'unknown' : sayNumber(one.low)} to ${one.high === null ? 'unknown' : sayNumber(one.high)}`
  const shown = times ?? []
  const lines = [
    ['', 'lines', 'events', 'median', 'interval', ...shown.map((time) => `at ${time}`)],
    ...groups.map(({ name, rows, curve }) => {
      const median = survivalQuantile(curve)
      return [
        ...[name ?? 'all', String(rows)],
        sayNumber(curve.events.reduce((sum, one) => sum + one, 0)),
        ...[sayNumber(median.value), range(median)],
        ...shown.map((time) => {
          const { value, low, high } = survivalAt(curve, time)
          const within = Number.isNaN(low) ? '' : ` (${low.toFixed(4)} to ${high.toFixed(4)})`
          return `${value.toFixed(4)}${within}`
        }),
      ]
    }),
  ]
  const said = [sayTable(lines)]
  if (test)
    said.push(
      `Log-rank: chi-square ${sayNumber(test.chiSquare)} with ${test.freedom} degrees of freedom, p ${sayChance(test.p)}.`,
    )
  if (columns.leftOut > 0) said.push(`${columns.leftOut} lines lack a value and were left out.`)
  return said.join('\n')
}
