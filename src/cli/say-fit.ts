/** A fit by maximum likelihood, as data and in words: the same for every model that has one. */
import type { Interval } from '../math/interval.ts'

export interface SayableFit {
  readonly parameters: Readonly<Record<string, number>>
  readonly standardErrors: Readonly<Record<string, number | null>>
  readonly intervals: Readonly<Record<string, Interval | null>>
  readonly logLikelihood: number
  readonly converged: boolean
  readonly iterations: number
  readonly evaluations: number
  readonly prior: 'none' | 'asked' | 'needed'
}

/** With Akaike's criterion: 2 (parameters) - 2 (log-likelihood). */
export function fitAsData(kind: string, fit: SayableFit): Record<string, unknown> {
  const { parameters, standardErrors, intervals, logLikelihood, converged, prior } = fit
  const { iterations, evaluations } = fit
  return {
    ...{ kind, parameters, standardErrors, intervals, logLikelihood },
    aic: 2 * Object.keys(parameters).length - 2 * logLikelihood,
    ...{ converged, prior, iterations, evaluations },
  }
}

export function fitInWords(fit: SayableFit): string[] {
  const lines = [['', 'value', 'error', '95 % interval']]
  for (const [name, value] of Object.entries(fit.parameters)) {
    const interval = fit.intervals[name]
    const error = fit.standardErrors[name]
    lines.push([
      ...[name, digits(value), error === null || error === undefined ? '-' : digits(error)],
      interval ? `${digits(interval.low)} to ${digits(interval.high)}` : '-',
    ])
  }
  const widths = [0, 1, 2, 3].map((i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  const said = lines.map((line) =>
    line
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  '),
  )
  said.push(`Log-likelihood ${fit.logLikelihood.toFixed(4)}.`)
  if (!fit.converged) said.push('The search did not come to an end: do not trust these numbers.')
  if (fit.prior === 'needed')
    said.push('The data leave a parameter free to run away; a weak prior held it near its start.')
  return said
}

const digits = (value: number): string => String(Number(value.toPrecision(6)))
