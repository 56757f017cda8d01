/** What speaks against trusting an evaluation, loudest first. */
import type { Terms } from './terms.ts'

export interface EvaluationWarning {
  readonly code:
    | 'no_overlap'
    | 'tiny_effective_sample'
    | 'missing_propensity'
    | 'no_support'
    | 'few_rewards'
    | 'weights_off'
  /** `danger`: do not act on these numbers. `caution`: act on the interval, not on the value. */
  readonly level: 'danger' | 'caution'
  readonly message: string
}

export interface Overlap {
  /** Rows that count: those with a propensity. */
  readonly rows: number
  /** (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965): how many equal rows would say as much. */
  readonly effectiveSample: number
  readonly largestWeight: number
  /** Share of all weight that one row carries. */
  readonly largestShare: number
  /** 1 but for chance, where the propensities are right. */
  readonly meanWeight: number
}

/** Below, a normal interval means nothing. */
const leastEffective = 100
const fewEffective = 1_000
const fewRewards = 30

export function overlapOf({ weight, rows }: Terms): Overlap {
  let [sum, squares, largest] = [0, 0, 0]
  for (let i = 0; i < rows; i++) {
    const w = weight[i] ?? 0
    sum += w
    squares += w * w
    if (w > largest) largest = w
  }
  return {
    rows,
    effectiveSample: squares === 0 ? 0 : sum ** 2 / squares,
    largestWeight: largest,
    largestShare: sum === 0 ? 0 : largest / sum,
    meanWeight: sum / rows,
  }
}

export function warningsOf(terms: Terms, overlap: Overlap): EvaluationWarning[] {
  const found = [
    effectiveSample(overlap),
    missingPropensity(terms),
    support(terms),
    rewards(terms),
    weights(overlap),
  ].filter((warning) => warning !== null)
  return found.sort((a, b) => Number(b.level === 'danger') - Number(a.level === 'danger'))
}

function effectiveSample(overlap: Overlap): EvaluationWarning | null {
  const { effectiveSample: effective, rows, largestShare, largestWeight } = overlap
  if (largestWeight === 0)
    return {
      ...{ code: 'no_overlap', level: 'danger' },
      message:
        'The policy never chooses what was logged, so the log says nothing about it. ' +
        'Log some decisions made at random first.',
    }
  const tiny = effective < leastEffective
  if (!tiny && effective >= fewEffective && largestShare <= 0.05) return null
  const of = `${rows.toLocaleString('en')} rows weigh as little as ${shown(effective)} equal ones`
  return {
    ...{ code: 'tiny_effective_sample', level: tiny ? 'danger' : 'caution' },
    message:
      `${of}; the heaviest carries ${shown(100 * largestShare)} % of the weight. ` +
      (tiny
        ? 'Do not act on the weighted estimates: value and interval may both be far off.'
        : 'Look at the bootstrap interval and at the doubly robust estimate.'),
  }
}

function missingPropensity({ dropped, rows }: Terms): EvaluationWarning | null {
  if (dropped === 0) return null
  return {
    code: 'missing_propensity',
    level: dropped > 0.01 * (rows + dropped) ? 'danger' : 'caution',
    message:
      `${dropped.toLocaleString('en')} of ${(rows + dropped).toLocaleString('en')} rows have no ` +
      'propensity above 0 and at most 1. They are left out, so the estimate is of the rest alone.',
  }
}

function support({ unsupported }: Terms): EvaluationWarning | null {
  if (unsupported <= 1e-9) return null
  return {
    code: 'no_support',
    level: unsupported > 0.01 ? 'danger' : 'caution',
    message:
      `The policy gives ${shown(100 * unsupported)} % of its choices to actions that were never ` +
      'logged. What these bring is not in the data; ips and snips leave it out.',
  }
}

function rewards({ reward, weight, rows }: Terms): EvaluationWarning | null {
  let count = 0
  for (let i = 0; i < rows; i++) if (reward[i] !== 0 && (weight[i] ?? 0) > 0) count++
  if (count >= Math.min(fewRewards, rows)) return null
  return {
    code: 'few_rewards',
    level: count < 5 ? 'danger' : 'caution',
    message:
      `Only ${count} rows that the policy agrees with have a reward, ` +
      'too few for an interval that can be relied on.',
  }
}

/** Weights average 1 where propensities are what they claim to be. */
function weights({
  rows,
  meanWeight,
  effectiveSample: effective,
}: Overlap): EvaluationWarning | null {
  if (meanWeight === 0) return null
  // Mean square of the weights, by what the effective sample is.
  const squares = (meanWeight ** 2 * rows) / effective
  const error = Math.sqrt(Math.max(0, squares - meanWeight ** 2) / rows)
  if (Math.abs(meanWeight - 1) <= 4 * error + 1e-6) return null
  return {
    ...{ code: 'weights_off', level: 'danger' },
    message:
      `The weights average ${shown(meanWeight)}, and should average 1. The propensities are not ` +
      'the chances with which these actions were chosen, or the policy chooses what cannot be logged.',
  }
}

const shown = (value: number): string => String(Number(value.toPrecision(3)))
