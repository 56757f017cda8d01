/** What `rapport fit sbg` does. */
import {
  fitBetaGeometric,
  readOff,
  type BetaGeometricFit,
} from '../predict/survival/fit-shifted-beta-geometric.ts'
import {
  mostPeriods,
  renewalsOfCohorts,
  renewalsOfCustomers,
  type Renewals,
} from '../predict/survival/renewals.ts'
import {
  discountedLifetime,
  retentionRate,
  survivors,
} from '../predict/survival/shifted-beta-geometric.ts'
import { RapportError } from '../domain/error.ts'
import { numbersOf, readColumns } from './read-columns.ts'
import { sayNumber, sayTable } from './say-table.ts'
import type { ContractOptions } from './fit-survival-options.ts'
import type { Output } from './output.ts'

export interface FitContractRequest {
  readonly output: Output
  readonly file: string
  readonly options: ContractOptions
}

export async function runFitContract({ output, file, options }: FitContractRequest): Promise<void> {
  const { until, project, discount, confidence } = options
  const all = await readRenewals(file, options)
  const fit = fitBetaGeometric(until === undefined ? all : firstOf(all, until))
  const periods = periodsOf(fit, all, { project: Math.min(mostPeriods, project), confidence })
  const lifetime = readOff(fit, (model) => discountedLifetime(model, discount), {
    ...{ scale: 'log', confidence },
  })
  const parameters = (['alpha', 'beta'] as const).map((name) => ({
    ...{ name, value: fit[name], error: fit.errors?.[name] ?? null },
    interval:
      fit.errors === null
        ? null
        : readOff(fit, (model) => model[name], { scale: 'log', confidence }),
  }))
  output.say(inWords(fit, { parameters, periods, lifetime, options }), {
    ...{ kind: 'sbg', parameters: { alpha: fit.alpha, beta: fit.beta } },
    ...{ standardErrors: fit.errors, logLikelihood: fit.logLikelihood, confidence },
    intervals: Object.fromEntries(
      parameters.map(({ name, interval }) => [
        name,
        interval && { low: interval.low, high: interval.high },
      ]),
    ),
    ...{ aic: 4 - 2 * fit.logLikelihood, limit: fit.limit },
    ...{ renewals: fit.renewals, lost: fit.lost, periods },
    expectedLifetime: { discount, ...lifetime },
  })
}

async function readRenewals(file: string, options: ContractOptions): Promise<Renewals> {
  const { survivors: cohorts, periods, left, delimiter, customers } = options
  if (cohorts.length > 0 === (periods !== undefined && left !== undefined))
    throw new RapportError(
      'invalid_analysis',
      'Name the columns of the cohorts (--survivors), or those of customers (--periods and --left).',
    )
  if (cohorts.length === 0) {
    const names = [periods ?? '', left ?? '']
    const read = await readColumns({ file, delimiter, numbers: names })
    const flags = numbersOf(read, left ?? '')
    const wrong = flags.findIndex((flag) => flag !== 0 && flag !== 1)
    if (wrong >= 0)
      throw new RapportError('invalid_analysis', `"${left}" is ${flags[wrong]}: it must be 1 or 0.`)
    return renewalsOfCustomers(numbersOf(read, periods ?? ''), Uint8Array.from(flags))
  }
  const read = await readColumns({ file, delimiter, numbers: cohorts, empty: 'nan' })
  return renewalsOfCohorts(
    cohorts.map((name) => {
      const counts = numbersOf(read, name)
      // Younger cohorts have empty cells at their end.
      const last = counts.findLastIndex((count) => !Number.isNaN(count))
      const scale = customers === undefined ? 1 : customers / (counts[0] ?? 1)
      return { survivors: counts.slice(0, last + 1).map((count) => count * scale) }
    }),
  )
}

function firstOf({ kept, lost }: Renewals, periods: number): Renewals {
  return { kept: kept.slice(0, periods), lost: lost.slice(0, periods) }
}

interface Look {
  readonly project: number
  readonly confidence: number
}

/** Each period: what is foretold, and beside it what was seen (product of the retention so far). */
function periodsOf(fit: BetaGeometricFit, { kept, lost }: Renewals, { project, confidence }: Look) {
  let seen: number | null = 1
  return Array.from({ length: Math.max(project, kept.length) }, (_, i) => {
    const [stayed, went] = [kept[i] ?? 0, lost[i] ?? 0]
    seen = seen === null || stayed + went === 0 ? null : (seen * stayed) / (stayed + went)
    const { value, low, high } = readOff(fit, (model) => survivors(model, i + 1), {
      ...{ scale: 'logit', confidence },
    })
    return {
      ...{ period: i + 1, survivors: value, low, high, retention: retentionRate(fit, i + 1) },
      seen,
    }
  })
}

interface Said {
  readonly parameters: readonly {
    readonly name: string
    readonly value: number
    readonly error: number | null
    readonly interval: { readonly low: number; readonly high: number } | null
  }[]
  readonly periods: ReturnType<typeof periodsOf>
  readonly lifetime: { readonly value: number; readonly low: number; readonly high: number }
  readonly options: ContractOptions
}

const limitWords = {
  alike:
    'Customers do not differ: all leave with the same probability. alpha and beta stand for that limit.',
  extreme: 'Some leave at once and nobody later. alpha and beta stand for that limit.',
} as const

function inWords(fit: BetaGeometricFit, { parameters, periods, lifetime, options }: Said): string {
  const share = (value: number): string => `${(100 * value).toFixed(2)} %`
  const said = [
    `${sayNumber(fit.renewals)} renewals were up; ${sayNumber(fit.lost)} customers left.`,
    sayTable([
      ['', 'value', 'error', 'interval'],
      ...parameters.map(({ name, value, error, interval }) => [
        ...[name, sayNumber(value), sayNumber(error)],
        interval ? `${sayNumber(interval.low)} to ${sayNumber(interval.high)}` : '-',
      ]),
    ]),
    `Log-likelihood ${fit.logLikelihood.toFixed(4)}.`,
    ...(fit.limit ? [limitWords[fit.limit]] : []),
    sayTable([
      ['period', 'still there', 'interval', 'renew', 'seen'],
      ...periods.map(({ period, survivors: there, low, high, retention, seen }) => [
        ...[String(period), share(there), `${share(low)} to ${share(high)}`, share(retention)],
        seen === null ? '' : share(seen),
      ]),
    ]),
    `Somebody new stays ${sayNumber(lifetime.value)} periods (${sayNumber(lifetime.low)} to ${sayNumber(lifetime.high)}), discounted by ${options.discount} a period.`,
  ]
  return said.join('\n')
}
