import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom, sfc32 } from './random.ts'

const draws = 40_000

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: draws }, draw)
  const mean = values.reduce((sum, value) => sum + value, 0) / draws
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1)
  return { mean, variance }
}

/** Mean within five standard errors, variance within 6 %. */
function expectMoments(draw: () => number, mean: number, variance: number): void {
  const seen = moments(draw)
  expect(Math.abs(seen.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / draws))
  expect(Math.abs(seen.variance / variance - 1)).toBeLessThan(0.06)
}

describe('seededRandom', () => {
  it('gives the first outputs of sfc32 as computed by hand', () => {
    const state: [number, number, number, number] = [1, 2, 3, 1]
    expect([sfc32(state), sfc32(state), sfc32(state), sfc32(state)]).toEqual([
      4, 31, 56623170, 132259135,
    ])
  })

  it('repeats itself for a seed and differs between seeds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const sequence = (seed: string) => Array.from({ length: 8 }, seededRandom(seed).next)
        expect(sequence(one)).toEqual(sequence(one))
        if (one !== other) expect(sequence(one)).not.toEqual(sequence(other))
      }),
    )
  })

  it('forks independently of what was drawn before', () => {
    const fresh = seededRandom(7).fork('person-1').next()
    const used = seededRandom(7)
    used.next()
    expect(used.fork('person-1').next()).toBe(fresh)
    expect(used.fork('person-2').next()).not.toBe(fresh)
  })

  it('has no two equal streams among 20,000 forks', () => {
    const root = seededRandom(1)
    const firsts = new Set(Array.from({ length: 20_000 }, (_, i) => root.fork(i).next()))
    expect(firsts.size).toBe(20_000)
  })

  it('is uniform: chi-squared over 64 cells below the 99.9 % point', () => {
    const random = seededRandom('uniform')
    const cells = Array.from({ length: 64 }, () => 0)
    for (let i = 0; i < draws; i++) {
      const cell = random.integer(64)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    const expected = draws / 64
    const chi = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    expect(chi).toBeLessThan(103.4) // 63 degrees of freedom
  })

  it('has the mean and variance of each distribution', () => {
    const random = seededRandom('moments')
    expectMoments(() => random.normal(3, 2), 3, 4)
    expectMoments(() => random.exponential(5), 5, 25)
    expectMoments(() => random.between(2, 6), 4, 16 / 12)
    for (const mean of [0.3, 4, 29, 31, 400]) expectMoments(() => random.poisson(mean), mean, mean)
    for (const shape of [0.4, 1, 7])
      expectMoments(() => random.gamma(shape, 2), 2 * shape, 4 * shape)
    expectMoments(() => random.beta(2, 6), 0.25, 12 / (64 * 9))
  })

  it('chooses by weight and never what weighs nothing', () => {
    const random = seededRandom('weights')
    const counts = { rare: 0, often: 0, never: 0 }
    for (let i = 0; i < draws; i++) counts[random.weighted({ rare: 1, never: 0, often: 3 })]++
    expect(counts.never).toBe(0)
    expect(Math.abs(counts.often / draws - 0.75)).toBeLessThan(5 * Math.sqrt(0.1875 / draws))
  })

  it('shuffles without losing anything and leaves the original alone', () => {
    const original = [1, 2, 3, 4, 5, 6, 7, 8]
    const shuffled = seededRandom('shuffle').shuffled(original)
    expect(shuffled).not.toEqual(original)
    expect(shuffled.toSorted()).toEqual(original)
  })
})
