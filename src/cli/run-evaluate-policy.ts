/** What `rapport evaluate-policy` does. */
import { crossFittedRewards } from '../decide/cross-fitted-rewards.ts'
import { evaluatePolicy, type PolicyEvaluation } from '../decide/evaluate-policy.ts'
import { learnSafely, type SafePolicyReport } from '../decide/safe-policy.ts'
import { RapportError } from '../domain/error.ts'
import type { Estimate, Interval } from '../math/interval.ts'
import { seededRandom } from '../math/random.ts'
import type { EvaluatePolicyRequest } from './evaluate-policy-request.ts'
import { readDecisions, type Decisions } from './read-decisions.ts'
import { sayTable } from './say-table.ts'

export async function runEvaluatePolicy(request: EvaluatePolicyRequest): Promise<void> {
  const { output } = request
  const decisions = await readDecisions(request)
  if (decisions.probabilities === null) {
    const report = learned(decisions, request)
    output.say(learnedInWords(decisions, report), learnedAsData(decisions, report))
    return
  }
  const evaluation = judged(decisions, decisions.probabilities, request)
  for (const { level, message } of evaluation.warnings)
    output.note(`${level === 'danger' ? 'WARNING' : 'Note'}: ${message}`)
  output.say(inWords(request, evaluation), asData(decisions, evaluation))
}

function judged(
  { logged, features, ...given }: Decisions,
  probabilities: Float64Array,
  { clip, switchAt, confidence, folds, bootstrap, seed }: EvaluatePolicyRequest,
): PolicyEvaluation {
  const random = seededRandom(seed)
  const expectedRewards =
    given.expectedRewards ??
    (features && crossFittedRewards(logged, features, { random: random.fork('folds'), folds }))
  return evaluatePolicy(
    logged,
    { probabilities, ...(expectedRewards ? { expectedRewards } : {}) },
    {
      ...{ confidence, ...(clip === null ? {} : { clip }) },
      ...(switchAt === null ? {} : { switchAt }),
      ...(bootstrap === 0
        ? {}
        : { bootstrap: { replicates: bootstrap, random: random.fork('draws') } }),
    },
  )
}

function learned(
  { logged, features }: Decisions,
  { confidence, folds, seed }: EvaluatePolicyRequest,
): SafePolicyReport {
  if (features === null)
    throw new RapportError('invalid_analysis', 'Name features to learn from, or a policy.')
  return learnSafely(logged, features, { random: seededRandom(seed), folds, confidence })
}

function asData({ actions }: Decisions, evaluation: PolicyEvaluation): Record<string, unknown> {
  const { estimates, logged, overlap, warnings, switchAt } = evaluation
  return {
    ...{ actions, logged, estimates, warnings },
    overlap,
    switchAt: Number.isFinite(switchAt) ? switchAt : null,
  }
}

function inWords(request: EvaluatePolicyRequest, evaluation: PolicyEvaluation): string {
  const { estimates, logged, overlap, switchAt } = evaluation
  const percent = `${Number((100 * request.confidence).toPrecision(4))} %`
  const rows = [
    ['', 'value', percent, ...(request.bootstrap > 0 ? ['drawn'] : [])],
    ...estimates.map(({ estimator, value, low, high, bootstrap }) => [
      ...[estimator.replace('_', '-'), digits(value), range({ low, high })],
      ...(bootstrap ? [range(bootstrap)] : []),
    ]),
    ['as logged', digits(logged.value), range(logged)],
  ]
  const { rows: counted, effectiveSample, largestWeight } = overlap
  return [
    sayTable(rows),
    '',
    `${counted} rows count like ${digits(effectiveSample)} equal ones; ` +
      `the largest weight is ${digits(largestWeight)}.`,
    ...(Number.isFinite(switchAt) && estimates.some(({ estimator }) => estimator === 'switch_dr')
      ? [`switch-dr leaves weights above ${digits(switchAt)} to the model.`]
      : []),
  ].join('\n')
}

function learnedAsData({ actions }: Decisions, report: SafePolicyReport): Record<string, unknown> {
  const { policy, learned: value, constants, advantage, deviates, reason } = report
  return {
    ...{ actions, serves: policy.serves, reason, learned: value, advantage, deviates },
    constantAction: actions[policy.constantAction],
    constants: actions.map((action, a) => ({ action, ...constants[a] })),
    policy,
  }
}

function learnedInWords({ actions }: Decisions, report: SafePolicyReport): string {
  const { policy, learned: value, constants, deviates, reason } = report
  const line = (name: string, one: Estimate | null | undefined): string[] =>
    one ? [name, digits(one.value), range(one)] : [name, 'too few rows', '']
  const share = `${(100 * deviates).toFixed(1)} %`
  return [
    sayTable([
      ['', 'value', 'interval'],
      ...actions.map((action, a) => line(`${action} for all`, constants[a])),
      line('learned', value),
    ]),
    '',
    `The learned policy gives ${share} another action than ${actions[policy.constantAction]}.`,
    reason,
    policy.serves === 'learned'
      ? 'Served: the learned policy.'
      : `Served: ${actions[policy.constantAction]} for all.`,
  ].join('\n')
}

const digits = (value: number): string => String(Number(value.toPrecision(5)))
const range = ({ low, high }: Interval): string => `${digits(low)} to ${digits(high)}`
