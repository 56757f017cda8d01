import { describe, expect, test } from 'vitest'
import { seededRandom } from '../math/random.ts'
import { milestoneEffects } from './milestones.ts'
import { milestoneRows, onlyMilestones, type PersonHistory } from './milestone-rows.ts'

test('a person is cut where a milestone is reached, and it counts from then on', () => {
  const rows = milestoneRows(
    [
      { from: 0, until: 10, happened: true, reached: [4, null, 10] },
      { from: 2, until: 5, happened: false, reached: [1, 3, 3] },
      { from: 7, until: 7, happened: true, reached: [null, null, null] },
    ],
    3,
  )
  expect([...rows.person]).toEqual([0, 0, 1, 1])
  expect([...rows.start]).toEqual([0, 4, 2, 3])
  expect([...rows.stop]).toEqual([4, 10, 3, 5])
  expect([...rows.event]).toEqual([0, 1, 0, 0])
  expect(rows.reached.map((column) => [...column])).toEqual([
    [0, 1, 1, 1],
    [0, 0, 0, 1],
    [0, 0, 0, 1],
  ])
  const one = onlyMilestones(rows, [0])
  expect([[...one.start], [...one.stop], [...one.event]]).toEqual([
    [0, 4, 2],
    [4, 10, 5],
    [0, 1, 0],
  ])
  expect(one.reached.map((column) => [...column])).toEqual([[0, 1, 1]])
  expect(() => milestoneRows([{ from: NaN, until: 1, happened: true, reached: [] }], 0)).toThrow(
    /Person 1/,
  )
})

/** Milestones at exponential times; the hazard is multiplied by each one's factor once reached. */
function simulate(seed: string, size: number, factors: readonly number[]): PersonHistory[] {
  const random = seededRandom(seed)
  return Array.from({ length: size }, () => {
    const reached = factors.map(() => random.exponential(40))
    const end = 20 + 60 * random.next()
    // A hazard of 1 / 80, thinned: candidates at the highest hazard, each taken with its share.
    const most = factors.reduce((product, factor) => product * Math.max(1, factor), 1) / 80
    let time = 0
    for (;;) {
      time += random.exponential(1 / most)
      if (time >= end) break
      const hazard = factors.reduce(
        (product, factor, m) => product * ((reached[m] ?? 0) < time ? factor : 1),
        1 / 80,
      )
      if (random.next() < hazard / most) break
    }
    const until = Math.min(time, end)
    return {
      ...{ from: 0, until, happened: time < end },
      reached: reached.map((at) => (at < until ? at : null)),
    }
  })
}

test('planted effects are found, within their intervals as often as said; the others do not stand', () => {
  const factors = [2.5, 1, 0.5, 1, 1]
  const names = ['review', 'visit', 'complaint', 'download', 'webinar']
  let [held, falseOnes, stood] = [0, 0, 0]
  const rounds = 60
  for (let round = 0; round < rounds; round++) {
    const { milestones, people } = milestoneEffects(
      milestoneRows(simulate(`milestones ${round}`, 600, factors), 5),
      names,
    )
    expect(people).toBe(600)
    milestones.forEach(({ effect }, m) => {
      const truth = factors[m] ?? 1
      held += Number(effect !== null && effect.low <= truth && truth <= effect.high)
      stood += Number(effect?.stands && truth !== 1)
      falseOnes += Number(effect?.stands && truth === 1)
    })
  }
  // 95 % of 300 intervals, less three standard deviations of a binomial count.
  expect(held).toBeGreaterThanOrEqual(285 - 11.4)
  expect(stood).toBeGreaterThanOrEqual(2 * rounds - 12)
  expect(falseOnes / (falseOnes + stood)).toBeLessThan(0.08)
})

test('milestones that always come together are one', () => {
  const people = simulate('twins', 500, [2, 1]).map((one) => ({
    ...one,
    reached: [
      ...one.reached,
      (one.reached[0] ?? null) === null ? null : (one.reached[0] ?? 0) + 0.1,
    ],
  }))
  const { milestones, fit } = milestoneEffects(milestoneRows(people, 3), ['a', 'b', 'twin'])
  expect(fit?.ridge).toBeNull()
  const [a, b, twin] = milestones
  expect([a?.sameAs ?? twin?.sameAs, b?.sameAs]).toEqual([a?.sameAs ? 'twin' : 'a', null])
  expect([a?.effect, twin?.effect].filter(Boolean)).toHaveLength(1)
})

describe('support', () => {
  test('says how many stand behind each, and keeps silent about the rare ones', () => {
    const people = simulate('support', 300, [2, 1])
    const rare = people.map((one, i) => ({ ...one, reached: [...one.reached, i < 3 ? 1 : null] }))
    const { milestones, events, fit } = milestoneEffects(milestoneRows(rare, 3), ['a', 'b', 'c'])
    const [a, , c] = milestones
    expect(c?.effect).toBeNull()
    expect(c?.support.people).toBe(rare.filter(({ until }, i) => i < 3 && until > 1).length)
    expect((a?.support.eventsAfter ?? 0) + (a?.support.eventsBefore ?? 0)).toBe(events)
    expect(a?.support.timeAfter).toBeCloseTo(
      people.reduce((sum, { until, reached: [at] }) => sum + (at ? until - at : 0), 0),
      6,
    )
    expect(fit?.names).toEqual(['a', 'b'])
    const { chosen, low, high, stands } = a?.effect ?? { chosen: { low: 0, high: 0 } }
    expect(stands).toBe(true)
    expect(chosen.low).toBeLessThanOrEqual(low ?? 0)
    expect(chosen.high).toBeGreaterThanOrEqual(high ?? 0)
  })
  test('nothing to look at is no fault', () => {
    const people = simulate('nothing', 20, []).map((one) => ({ ...one, reached: [null] }))
    const { milestones, fit } = milestoneEffects(milestoneRows(people, 1), ['never'])
    expect([milestones[0]?.effect, fit]).toEqual([null, null])
    expect(() => milestoneEffects(milestoneRows(people, 1), [])).toThrow(/name for each/)
  })
})
