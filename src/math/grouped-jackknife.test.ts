import { expect, test } from 'vitest'
import { groupedJackknife } from './grouped-jackknife.ts'
import { riskDifferenceParts } from './mantel-haenszel.ts'
import { seededRandom } from './random.ts'
import { studentDeviate, studentTail } from './student.ts'

test.each([
  // Fisher and Yates, Statistical Tables (1938), table III.
  [0.95, 1, 12.706],
  [0.95, 9, 2.262],
  [0.95, 39, 2.0227],
  [0.99, 30, 2.75],
])('the t deviate of %d with %d degrees of freedom is %d', (confidence, freedom, deviate) => {
  expect(studentDeviate(confidence, freedom)).toBeCloseTo(deviate, 3)
  expect(studentTail(deviate, freedom)).toBeCloseTo(1 - confidence, 4)
})

test('of a mean of equal groups it is the t interval of the group means', () => {
  const groups = [3, 5, 4, 8, 6, 7]
  const mean = (without: number | null): number => {
    const kept = groups.filter((_, index) => index !== without)
    return kept.reduce((sum, one) => sum + one, 0) / kept.length
  }
  const found = groupedJackknife(groups.length, mean)
  // Standard error of the mean: s / sqrt(n) with s^2 = 3.5.
  const half = studentDeviate(0.95, 5) * Math.sqrt(3.5 / 6)
  expect(found?.value).toBe(5.5)
  expect(found?.low).toBeCloseTo(5.5 - half, 10)
  expect(found?.high).toBeCloseTo(5.5 + half, 10)
})

test('what does not vary, or does not exist, has no interval', () => {
  expect(groupedJackknife(5, () => 1)).toBeNull()
  expect(groupedJackknife(5, (without) => (without === 2 ? Number.NaN : (without ?? 9)))).toBeNull()
})

test('covers the truth of people who occur many times', () => {
  const random = seededRandom('coverage')
  let covered = 0
  for (let run = 0; run < 200; run++) {
    const sums = Array.from({ length: 40 }, () => {
      let [sum, count] = [0, 0]
      for (let person = 0; person < 10; person++) {
        const inclination = random.next() < 0.3 ? 0.9 : 0.1
        for (let time = 0; time < 8; time++, count++) sum += random.next() < inclination ? 1 : 0
      }
      return { sum, count }
    })
    const share = (without: number | null): number => {
      const kept = sums.filter((_, index) => index !== without)
      const total = (of: 'sum' | 'count'): number => kept.reduce((all, one) => all + one[of], 0)
      return total('sum') / total('count')
    }
    const found = groupedJackknife(40, share)
    if (found && found.low <= 0.34 && 0.34 <= found.high) covered++
  }
  expect(covered / 200).toBeGreaterThan(0.9)
  expect(covered / 200).toBeLessThan(0.99)
})

test('a difference within strata is not fooled by their sizes', () => {
  // Simpson: in each stratum the first group is better by .1, over all it looks worse.
  const strata = [
    { cases: 9, size: 10, otherCases: 80, otherSize: 100 },
    { cases: 30, size: 100, otherCases: 2, otherSize: 10 },
  ]
  const { above, below } = riskDifferenceParts(strata)
  expect(above / below).toBeCloseTo(0.1, 10)
})
