/**
 * Hillstrom's e-mail campaign (2008) as a bandit of three arms with propensity 1/3, reward a visit. Rows
 * whose number modulo 10 is below 7 to learn from, the others to judge by: single arms bring .10656,
 * .18672 (men's e-mail) and .14688 there; Vowpal Wabbit reaches .167 to .174, a T-learner .17641.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { sharedData } from '../../test/shared-data.ts'
import { seededRandom } from '../math/random.ts'
import type { EstimatorName } from './estimators.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { chooseAction, learnSafely, type SafePolicy } from './safe-policy.ts'

const path = sharedData('hillstrom/hillstrom.csv.gz')
const arms = ['No E-Mail', 'Mens E-Mail', 'Womens E-Mail']

interface Customer {
  readonly features: readonly number[]
  readonly arm: number
  readonly visit: number
}

function read(): Customer[] {
  const lines = gunzipSync(readFileSync(path ?? ''))
    .toString()
    .trimEnd()
    .split(/\r?\n/)
  return lines.slice(1).map((line) => {
    const [recency, , history, mens, womens, zip, newbie, channel, segment, visit] = line
      .replace(/"[^"]*"/, '')
      .split(',')
    const is = (one: string | undefined, name: string): number => Number(one === name)
    return {
      features: [
        ...[Number(recency), Math.log(Number(history)), Number(mens), Number(womens)],
        ...[Number(newbie), is(zip, 'Rural'), is(zip, 'Urban')],
        ...[is(channel, 'Phone'), is(channel, 'Web')],
      ],
      arm: arms.indexOf(segment ?? ''),
      visit: Number(visit),
    }
  })
}

const logOf = (rows: readonly Customer[]) => ({
  actions: 3,
  action: rows.map(({ arm }) => arm),
  reward: rows.map(({ visit }) => visit),
  propensity: rows.map(() => 1 / 3),
})
const featuresOf = (rows: readonly Customer[]) => ({
  values: Float64Array.from(rows.flatMap(({ features }) => features)),
  width: 9,
})

/** Value on rows that were not learned from; those printed for single arms are ips. */
function valueOf(
  choose: (customer: Customer) => number,
  rows: readonly Customer[],
  by: EstimatorName = 'snips',
): number {
  const probabilities = new Float64Array(3 * rows.length)
  for (const [i, customer] of rows.entries()) probabilities[3 * i + choose(customer)] = 1
  const { estimates } = evaluatePolicy(logOf(rows), { probabilities })
  return estimates.find(({ estimator }) => estimator === by)?.value ?? Number.NaN
}

const served =
  (policy: SafePolicy) =>
  ({ features }: Customer): number =>
    chooseAction(policy, features)

describe.skipIf(path === null)('Hillstrom (skipped: data not there)', () => {
  const customers = path === null ? [] : read()
  const bestOf = (rows: readonly Customer[]): number =>
    Math.max(...[0, 1, 2].map((arm) => valueOf(() => arm, rows)))

  test('single arms as published', () => {
    const judged = customers.filter((_, i) => i % 10 >= 7)
    expect(judged).toHaveLength(19_200)
    for (const [arm, value] of [0.1065625, 0.18671875, 0.146875].entries())
      expect(valueOf(() => arm, judged, 'ips')).toBeCloseTo(value, 12)
  })

  test.each(['1', '2', '3', '4', '5'])('never below the best arm for all: seed %s', (seed) => {
    const learned = customers.filter((_, i) => i % 10 < 7)
    const judged = customers.filter((_, i) => i % 10 >= 7)
    const report = learnSafely(logOf(learned), featuresOf(learned), { random: seededRandom(seed) })
    expect(report.policy.constantAction).toBe(1)
    const value = valueOf(served(report.policy), judged)
    expect(value).toBeGreaterThanOrEqual(0.186)
    expect(valueOf(served(report.policy), judged, 'ips')).toBeGreaterThanOrEqual(0.1867)
    expect(value).toBeGreaterThanOrEqual(bestOf(judged))
  })

  test('nor when other rows are left to judge by', () => {
    const random = seededRandom('splits')
    for (let split = 0; split < 5; split++) {
      const isJudged = customers.map(() => random.chance(0.3))
      const learned = customers.filter((_, i) => !isJudged[i])
      const judged = customers.filter((_, i) => isJudged[i])
      const report = learnSafely(logOf(learned), featuresOf(learned), { random })
      expect(valueOf(served(report.policy), judged)).toBeGreaterThanOrEqual(bestOf(judged))
    }
  })
})
