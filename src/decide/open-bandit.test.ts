/**
 * Off-policy values of the Open Bandit Dataset, small version, held against obp 0.5.5 (Saito et al.,
 * NeurIPS 2021), its estimators run on the same files and the same expected rewards.
 */
import { describe, expect, test } from 'vitest'
import { contributionsOf, valueOf, type EstimatorName } from './estimators.ts'
import { evaluatePolicy } from './evaluate-policy.ts'
import { openBandit, readOpenBandit } from './testing.ts'
import { termsOf } from './terms.ts'

type Figures = Record<EstimatorName | 'mean' | 'effective' | 'largest', number> & {
  readonly campaign: 'men' | 'women'
  readonly policy: 'random' | 'bts'
  readonly clipped: { readonly ips: number; readonly dr: number }
}

const figures: readonly Figures[] = [
  {
    ...{ campaign: 'men', policy: 'random', mean: 0.0046 },
    ...{ ips: 0.0045335600000000085, snips: 0.004604232164349611, dm: 0.0051089715001388005 },
    ...{ dr: 0.00463050150212934, sndr: 0.00462304279190257, switch_dr: 0.00488110574613102 },
    clipped: { ips: 0.004273414000000005, dr: 0.004897834697846566 },
    ...{ effective: 2467.4024180481547, largest: 10.688580000000018 },
  },
  {
    ...{ campaign: 'men', policy: 'bts', mean: 0.0069 },
    ...{ ips: 0.0030086263272564836, snips: 0.0031894231622773923, dm: 0.005006242994234892 },
    ...{ dr: 0.0031835266185588876, sndr: 0.003073994454701401, switch_dr: 0.005134913265993807 },
    clipped: { ips: 0.0030086263272564836, dr: 0.004360578446288365 },
    ...{ effective: 655.709849587315, largest: 178.25311942959001 },
  },
  {
    ...{ campaign: 'women', policy: 'random', mean: 0.0046 },
    ...{ ips: 0.0068134740000000025, snips: 0.006810965194592502, dm: 0.006235388690257013 },
    ...{ dr: 0.006801892782534878, sndr: 0.006801684188720608, switch_dr: 0.006272866709577551 },
    clipped: { ips: 0.005738860000000001, dr: 0.007017292608514789 },
    ...{ effective: 1954.2678342125857, largest: 12.563980000000004 },
  },
  {
    ...{ campaign: 'women', policy: 'bts', mean: 0.0046 },
    ...{ ips: 0.00743757754192316, snips: 0.0023730461434477556, dm: 0.004528453468602176 },
    ...{ dr: 0.00009002683756120788, sndr: 0.0031123215169823284, switch_dr: 0.004081479598556652 },
    clipped: { ips: 0.0033108330745395364, dr: 0.004904301137825965 },
    ...{ effective: 2.0778226924837075, largest: 21739.130434782608 },
  },
]

describe.skipIf(!openBandit)('Open Bandit (skipped: data not there)', () => {
  test.each(figures)('$campaign, logged by $policy: equal to obp', (expected) => {
    const { logged, other, expectedRewards } = readOpenBandit(expected.policy, expected.campaign)
    const policy = { probabilities: other, expectedRewards }
    const { estimates, overlap, logged: own } = evaluatePolicy(logged, policy, { switchAt: 5 })
    expect(own.value).toBeCloseTo(expected.mean, 12)
    for (const { estimator, value, low, high } of estimates) {
      expect(Math.abs(value - expected[estimator])).toBeLessThan(1e-12)
      expect(low < value && value < high).toBe(true)
    }
    expect(overlap.effectiveSample / expected.effective).toBeCloseTo(1, 12)
    expect(overlap.largestWeight / expected.largest).toBeCloseTo(1, 12)
    for (const one of contributionsOf(termsOf(logged, policy), { clip: 5, switchAt: 5 })) {
      if (one.name === 'ips' || one.name === 'dr')
        expect(Math.abs(valueOf(one).value - expected.clipped[one.name])).toBeLessThan(1e-12)
    }
  })

  test('an effective sample of 2 is told loudly', () => {
    const { logged, other } = readOpenBandit('bts', 'women')
    const [first] = evaluatePolicy(logged, { probabilities: other }).warnings
    expect(first).toMatchObject({ code: 'tiny_effective_sample', level: 'danger' })
    expect(first?.message).toContain('10,000 rows weigh as little as 2.08 equal ones')
  })

  test('where enough rows agree, nothing is shouted', () => {
    const { logged, other } = readOpenBandit('random', 'men')
    const { warnings } = evaluatePolicy(logged, { probabilities: other })
    expect(warnings.filter(({ level }) => level === 'danger')).toEqual([])
  })
})
