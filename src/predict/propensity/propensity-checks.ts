/**
 * Is there enough to learn from? Answered before training, in sentences. Ten positives a feature: P.
 * Peduzzi et al., "A simulation study of the number of events per variable in logistic regression",
 * Journal of Clinical Epidemiology 49, 1996.
 */
import type { Column } from '../../math/columns.ts'
import { areaUnderCurve } from './forecast-scores.ts'
import type { CheckName, PropensityCheck, PropensityInput } from './propensity-model.ts'

const leastCases = 30
const goodCases = 100
const positivesPerFeature = 10
/** Rows looked at to find a feature that knows the outcome. */
const telledRows = 20_000

type Verdict = PropensityCheck['verdict']

export function checkEnough(input: PropensityInput): PropensityCheck[] {
  const { outcomes, features, names, history } = input
  const positives = outcomes.reduce((sum, one) => sum + one, 0)
  const varying = features.filter((column) => !isConstant(column))
  return [
    cases('positives', positives, 'in which it happened'),
    cases('negatives', outcomes.length - positives, 'in which it did not happen'),
    rowsPerFeature(Math.min(positives, outcomes.length - positives), varying.length),
    ...(history ? [longEnough(history)] : []),
    constants(features, names),
    missing(features, names),
    telling(input),
  ]
}

const check = (name: CheckName, verdict: Verdict, says: string): PropensityCheck => ({
  ...{ name, verdict, says },
})

function cases(name: 'positives' | 'negatives', found: number, what: string): PropensityCheck {
  const verdict = found < leastCases ? 'failed' : found < goodCases ? 'weak' : 'good'
  const needed =
    verdict === 'failed'
      ? `; at least ${leastCases} are needed`
      : verdict === 'weak'
        ? `; ${goodCases} would make it steadier`
        : ''
  return check(name, verdict, `${found} cases ${what}${needed}.`)
}

function rowsPerFeature(fewer: number, features: number): PropensityCheck {
  const each = features === 0 ? 0 : fewer / features
  const isGood = each >= positivesPerFeature
  const says = `${each.toFixed(1)} cases of the rarer outcome for each feature`
  const name = 'rows_per_feature'
  if (isGood) return check(name, 'good', `${says}.`)
  return check(name, 'weak', `${says}; below ${positivesPerFeature} single effects are unsteady.`)
}

function longEnough(history: { daysBefore: number; horizonDays: number }): PropensityCheck {
  const { daysBefore, horizonDays } = history
  const says = `${Math.floor(daysBefore)} days of history before the cut-off, for outcomes within ${horizonDays} days`
  const name = 'history'
  if (!(daysBefore >= horizonDays)) return check(name, 'failed', `${says}; it must be as long.`)
  if (daysBefore < 2 * horizonDays) return check(name, 'weak', `${says}; twice as long is better.`)
  return check(name, 'good', `${says}.`)
}

function constants(features: readonly Column[], names: readonly string[]): PropensityCheck {
  const same = names.filter((_, f) => isConstant(features[f] ?? new Float64Array()))
  const name = 'constant_features'
  if (same.length === 0) return check(name, 'good', 'Every feature varies.')
  if (same.length === names.length)
    return check(name, 'failed', 'No feature varies: there is nothing to tell people apart by.')
  return check(name, 'weak', `Never varying, so of no effect: ${listed(same)}.`)
}

function missing(features: readonly Column[], names: readonly string[]): PropensityCheck {
  const rare = names.filter((_, f) => {
    const column = features[f] ?? new Float64Array()
    let known = 0
    for (const value of column) if (value === value) known++
    return known < 0.05 * column.length
  })
  if (rare.length === 0) return check('missing_values', 'good', 'Features are mostly known.')
  return check('missing_values', 'weak', `Known of fewer than 5 % of people: ${listed(rare)}.`)
}

function telling({ features, names, outcomes }: PropensityInput): PropensityCheck {
  const found = names.filter((_, f) => {
    const stride = Math.ceil(outcomes.length / telledRows)
    const values: number[] = []
    const happened: number[] = []
    const column = features[f] ?? new Float64Array()
    for (let i = 0; i < column.length; i += stride) {
      const value = column[i] ?? Number.NaN
      if (value !== value) continue
      values.push(value)
      happened.push(outcomes[i] ?? 0)
    }
    const area = areaUnderCurve(Float64Array.from(values), happened)
    return area !== null && Math.max(area, 1 - area) > 0.995
  })
  const name = 'telling_features'
  if (found.length === 0) return check(name, 'good', 'No feature alone gives the outcome away.')
  return check(name, 'weak', `Tells the outcome alone; is it known at the cut-off? ${listed(found)}.`) // prettier-ignore
}

function isConstant(column: Column): boolean {
  const [first] = column
  // Known or not is a difference too.
  for (const value of column) if (!Object.is(value, first) && value !== first) return false
  return true
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
