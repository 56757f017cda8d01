/** What `rapport fit cox` does. */
import { fitCox, type CoxFit, type CoxModel, type CoxOptions } from '../math/cox/fit-cox.ts'
import type { CoxData } from '../math/cox/cox-rows.ts'
import { normalCdf, twoSidedDeviate } from '../math/normal.ts'
import { proportionalHazards, type Proportionality } from '../math/cox/proportional-hazards.ts'
import { RapportError } from '../domain/error.ts'
import { readSurvival, type SurvivalColumns } from './survival-source.ts'
import { sayChance, sayNumber, sayTable } from './say-table.ts'
import type { CoxCommandOptions } from './fit-survival-options.ts'
import type { Output } from './output.ts'

export interface FitCoxRequest {
  readonly output: Output
  readonly file: string
  readonly options: CoxCommandOptions
}

export async function runFitCox({ output, file, options }: FitCoxRequest): Promise<void> {
  const { covariates, categories, strata, cluster, ties, robust, ridge, confidence } = options
  if (covariates.length + categories.length === 0)
    throw new RapportError(
      'invalid_analysis',
      'Name what may matter: --covariates or --categories.',
    )
  const columns = await readSurvival({
    ...{ file, options, numbers: covariates },
    texts: [...categories, ...(strata ? [strata] : []), ...(cluster ? [cluster] : [])],
  })
  const further = columns.texts.slice(categories.length)
  const stratum = strata ? further[0]?.codes : undefined
  const clusters = cluster ? further.at(-1)?.codes : undefined
  const design = designOf(columns, options)
  const model = fitted(
    {
      ...{ stop: columns.time, event: columns.event, start: columns.start },
      ...{ weights: columns.weights, strata: stratum, ...design },
    },
    { ties, robust, ridge, ...(clusters ? { clusters } : {}) },
  )
  const { fit } = model
  const rows = rowsOf(fit, confidence)
  const proportional = proportionalHazards(model)
  output.say(inWords(fit, rows, { proportional, leftOut: columns.leftOut }), {
    ...{ kind: 'cox', ties: fit.ties, rows: fit.rows, events: fit.events },
    ...{ leftOut: columns.leftOut, confidence, robust: fit.robustCovariance !== null },
    covariates: rows.map((row, j) => ({
      ...row,
      proportional: proportional.covariates[j] ?? null,
    })),
    ...{ nullLogLikelihood: fit.nullLogLikelihood, logLikelihood: fit.logLikelihood },
    likelihoodRatio: 2 * (fit.logLikelihood - fit.nullLogLikelihood),
    ...{ concordance: fit.concordance, proportional: proportional.together },
    ...{ ridge: fit.ridge, iterations: fit.iterations },
  })
}

/** What the arithmetic refuses, as an answer to whoever asked. */
function fitted(data: CoxData, options: CoxOptions): CoxModel {
  try {
    return fitCox(data, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RapportError('invalid_analysis', error.message, {}, error)
  }
}

const mostCategories = 50

/** Numbers as they are; of each category a column of 0 and 1, but for the first in the alphabet. */
function designOf({ numbers, texts }: SurvivalColumns, options: CoxCommandOptions) {
  const names = [...options.covariates]
  const covariates = [...numbers]
  options.categories.forEach((name, k) => {
    const { codes, values } = texts[k] ?? { codes: new Uint32Array(), values: [] }
    const present = new Set(codes)
    const ordered = [...values.entries()].filter(([code]) => present.has(code))
    ordered.sort(([, a], [, b]) => (a < b ? -1 : 1))
    if (ordered.length > mostCategories)
      throw new RapportError(
        'invalid_analysis',
        `"${name}" has ${ordered.length} different values. Is it a number? Then use --covariates.`,
      )
    for (const [code, value] of ordered.slice(1)) {
      names.push(`${name}=${value}`)
      covariates.push(Float64Array.from(codes, (one) => Number(one === code)))
    }
  })
  return { names, covariates }
}

function rowsOf({ names, coefficients, errors }: CoxFit, confidence: number) {
  const deviate = twoSidedDeviate(confidence)
  return names.map((name, j) => {
    const [coefficient, error] = [coefficients[j] ?? 0, errors[j] ?? 0]
    const z = error > 0 ? coefficient / error : 0
    return {
      ...{ name, coefficient, error, z, p: 2 * normalCdf(-Math.abs(z)) },
      hazardRatio: Math.exp(coefficient),
      low: Math.exp(coefficient - deviate * error),
      high: Math.exp(coefficient + deviate * error),
    }
  })
}

interface Context {
  readonly proportional: Proportionality
  readonly leftOut: number
}

const reasons = {
  asked: 'as was asked for',
  collinear: 'since some covariates are made of others',
  monotone: 'since a covariate tells all events from the others, which leaves it without bounds',
} as const

function inWords(
  fit: CoxFit,
  rows: ReturnType<typeof rowsOf>,
  { proportional, leftOut }: Context,
): string {
  const lines = [
    ['', 'coefficient', 'error', 'hazard ratio', 'interval', 'p', 'same over time, p'],
    ...rows.map((row, j) => {
      const test = proportional.covariates[j]
      return [
        ...[row.name, sayNumber(row.coefficient), sayNumber(row.error), sayNumber(row.hazardRatio)],
        `${sayNumber(row.low)} to ${sayNumber(row.high)}`,
        sayChance(row.p),
        test ? sayChance(test.p) : '-',
      ]
    }),
  ]
  const said = [
    `${fit.rows} lines with ${fit.events} events.`,
    sayTable(lines),
    `Log-likelihood ${fit.nullLogLikelihood.toFixed(4)} without covariates, ${fit.logLikelihood.toFixed(4)} with them.`,
  ]
  if (fit.concordance !== null)
    said.push(`Concordance ${fit.concordance.toFixed(4)}: of so many pairs the order is foretold.`)
  if (fit.robustCovariance) said.push('Errors are robust (Lin and Wei 1989).')
  if (fit.ridge)
    said.push(`A ridge of ${sayNumber(fit.ridge.penalty)} was added, ${reasons[fit.ridge.reason]}.`)
  if (proportional.together && proportional.together.p < 0.05)
    said.push(
      'Some effects change over time (p < 0.05): a hazard ratio is then an average. Look at its column.',
    )
  if (leftOut > 0) said.push(`${leftOut} lines lack a value and were left out.`)
  return said.join('\n')
}
