import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attribute, methodNames, orderOf, type MethodName } from './attribute.ts'
import { collapsePaths } from './collapse-paths.ts'
import { creditLedger, creditOutcome, wholeOutcome } from './ledger.ts'
import { createPathBuilder, type PathColumns, type PathRow } from './paths.ts'
import { anyRows, pathsOf } from './testing.ts'
import { ruleNames, stepShares } from './rules.ts'
import { highestOrder } from './transitions.ts'

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((all, value) => all + value, 0)
const all = { methods: methodNames }

function expectSame(
  one: PathColumns,
  other: PathColumns,
  methods: readonly MethodName[] = methodNames,
): void {
  const a = attribute(one, { methods })
  const b = attribute(other, { methods })
  for (const method of methods) {
    a.channels.forEach((channel, c) => {
      const d = b.channels.indexOf(channel)
      for (const what of ['conversions', 'value'] as const) {
        const expected = a.credits.get(method)?.[what][c] ?? Number.NaN
        const given = d < 0 ? 0 : (b.credits.get(method)?.[what][d] ?? Number.NaN)
        expect(Math.abs(given - expected)).toBeLessThan(1e-9 * Math.max(1, a.totals[what]))
      }
    })
  }
}

test('by hand: the rules', () => {
  const paths = pathsOf([
    { steps: ['a', 'b', 'c', 'd'], conversions: 10, value: 100 },
    { steps: ['a', 'b'], conversions: 2, nulls: 5 },
    { steps: ['b'], conversions: 1 },
  ])
  const { credits } = attribute(paths, { ...all, halfLife: 1 })
  const credited = (method: MethodName) => [...(credits.get(method)?.conversions ?? [])]
  expect(credited('first')).toEqual([12, 1, 0, 0])
  expect(credited('last')).toEqual([0, 3, 0, 10])
  expect(credited('linear')).toEqual([3.5, 4.5, 2.5, 2.5])
  const expected = { position: [5, 3, 1, 4], shapley: [3.5, 4.5, 2.5, 2.5] }
  expected.position.forEach((value, c) => expect(credited('position')[c]).toBeCloseTo(value, 12))
  expected.shapley.forEach((value, c) => expect(credited('shapley')[c]).toBeCloseTo(value, 12))
  const decay = [10 / 15 + 2 / 3, 20 / 15 + 4 / 3 + 1, 40 / 15, 80 / 15]
  decay.forEach((value, c) => expect(credited('time_decay')[c]).toBeCloseTo(value, 12))
})

test('by hand: removal effects of a chain of two channels', () => {
  // start -> a (1/2), b (1/2); a -> outcome 1/2, null 1/2; b -> a 1, so v = 1/2, without b 1/4.
  const { markov } = attribute(
    pathsOf([
      { steps: ['a'], conversions: 1, nulls: 1 },
      { steps: ['b', 'a'], conversions: 1, nulls: 1 },
    ]),
    { methods: ['markov_1'] },
  )
  expect(markov[0]?.baseConversion).toBe(0.5)
  expect([...(markov[0]?.removalEffects ?? [])]).toEqual([1, 0.5])
})

describe('for any paths', () => {
  test('every method shares out the same total, nothing is negative, nothing is NaN', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const result = attribute(pathsOf(rows), all)
        const { totals } = result
        const attributed = totals.conversions - totals.unattributedConversions
        const worth = totals.value - totals.unattributedValue
        for (const [, credit] of result.credits) {
          expect([...credit.conversions, ...credit.value].every((one) => one >= 0)).toBe(true)
          expect(sum(credit.conversions)).toBeCloseTo(attributed, 8)
          expect(sum(credit.value)).toBeCloseTo(worth, 6)
        }
        for (const { removalEffects, baseConversion } of result.markov) {
          for (const effect of removalEffects) expect(effect >= 0 && effect <= 1).toBe(true)
          const journeys = totals.conversions + totals.nulls
          expect(baseConversion).toBeCloseTo(journeys ? totals.conversions / journeys : 0, 10)
        }
      }),
    )
  })

  test('the ledger of each method adds up to all outcomes', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const result = attribute(pathsOf(rows), all)
        const ledger = creditLedger(result)
        for (const method of methodNames) {
          const lines = ledger.filter((row) => row.method === method)
          const credited = sum(lines.map(({ conversions }) => conversions))
          expect(credited).toBeCloseTo(result.totals.conversions, 8)
          expect(sum(lines.map(({ value }) => value))).toBeCloseTo(result.totals.value, 6)
        }
      }),
    )
  })

  test('no outcome is credited with more or less than itself, by any method, to the last unit', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 1e9 }), (rows, amount) => {
        const paths = pathsOf(rows)
        const { markov } = attribute(paths, all)
        rows.forEach(({ steps: names, conversions }) => {
          const steps = names.map((name) => paths.channels.indexOf(name))
          for (const method of methodNames) {
            const effects = markov.find(({ order }) => order === orderOf(method))?.removalEffects
            const credit = {
              ...{ steps, method, rule: { halfLife: 7 } },
              ...(effects ? { removalEffects: effects } : {}),
            }
            for (const whole of [amount, wholeOutcome]) {
              const given = sum(creditOutcome(whole, credit))
              expect(given).toBeLessThanOrEqual(whole)
              if (conversions > 0 && steps.length > 0) expect(given).toBe(whole)
            }
          }
        })
      }),
    )
  })

  test('the rules are the sums of the shares of each step, with and without ages', () => {
    const rowsWithAges = fc.tuple(anyRows, fc.infiniteStream(fc.integer({ min: 0, max: 4000 })))
    fc.assert(
      fc.property(rowsWithAges, fc.boolean(), ([rows, stream], isAged) => {
        const columns = pathsOf(rows)
        const days = Float64Array.from(columns.steps, () => stream.next().value ?? 0)
        const paths = isAged ? { ...columns, ages: days } : columns
        const { credits } = attribute(paths, { ...all, halfLife: 3 })
        for (const rule of ruleNames) {
          const expected = new Float64Array(paths.channels.length)
          for (let p = 0; p < rows.length; p++) {
            const [from, to] = [paths.offsets[p] ?? 0, paths.offsets[p + 1] ?? 0]
            const ages = isAged ? { ages: days.subarray(from, to) } : {}
            stepShares(rule, to - from, { halfLife: 3, ...ages }).forEach((share, i) => {
              const c = paths.steps[from + i] ?? 0
              expected[c] = (expected[c] ?? 0) + share * (paths.conversions[p] ?? 0)
            })
          }
          expected.forEach((credit, c) => {
            expect(credits.get(rule)?.conversions[c]).toBeCloseTo(credit, 9)
          })
        }
      }),
    )
  })

  test('order, splitting, pieces and collapsing of rows do not matter', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const paths = pathsOf(rows)
        expectSame(paths, pathsOf(rows.toReversed()))
        expectSame(paths, collapsePaths(paths))
        const halves = rows.flatMap(({ steps, conversions, value = 0, nulls = 0 }): PathRow[] => [
          { steps, conversions: conversions / 2, value: value / 2, nulls: nulls / 4 },
          { steps, conversions: conversions / 2, value: value / 2, nulls: (3 * nulls) / 4 },
        ])
        expectSame(paths, pathsOf(halves))
        const whole = attribute([paths, paths], all)
        for (const [method, credit] of attribute(paths, all).credits) {
          const doubled = whole.credits.get(method)?.conversions ?? []
          expect(sum(doubled)).toBeCloseTo(2 * sum(credit.conversions), 8)
        }
      }),
    )
  })

  test('loops do not matter: repeats collapse, Markov of order 1 stays', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const once = rows.map((row) => ({
          ...row,
          steps: row.steps.filter((step, i) => step !== row.steps[i - 1]),
        }))
        expectSame(pathsOf(rows), pathsOf(once), ['markov_1', 'shapley', 'first', 'last'])
      }),
    )
  })

  test('a chain that remembers whole paths loses just the outcomes that passed the channel', () => {
    const short = fc.array(fc.constantFrom<string[]>('a', 'b', 'c', 'd'), {
      maxLength: highestOrder,
    })
    const rows = fc.array(
      fc.record({
        steps: short,
        conversions: fc.integer({ min: 1, max: 5 }),
        nulls: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: 1, maxLength: 20 },
    )
    fc.assert(
      fc.property(rows, (given) => {
        const { channels, markov, totals } = attribute(pathsOf(given), { methods: ['markov_4'] })
        channels.forEach((channel, c) => {
          const passed = given.filter(({ steps }) => steps.includes(channel))
          const share = sum(passed.map(({ conversions }) => conversions)) / totals.conversions
          expect(markov[0]?.removalEffects[c]).toBeCloseTo(share, 10)
        })
      }),
    )
  })
})

describe('what cannot be counted is refused', () => {
  const good: PathColumns = {
    channels: ['a'],
    steps: new Int32Array([0]),
    offsets: new Int32Array([0, 1]),
    conversions: new Float64Array([1]),
    value: new Float64Array([1]),
    nulls: new Float64Array([0]),
  }
  test.each<[string, Partial<PathColumns>]>([
    ['negative conversions', { conversions: new Float64Array([-1]) }],
    ['NaN', { nulls: new Float64Array([Number.NaN]) }],
    ['an endless value', { value: new Float64Array([Infinity]) }],
    ['a value of nothing', { conversions: new Float64Array([0]) }],
    ['an unknown channel', { steps: new Int32Array([1]) }],
    ['columns of different length', { nulls: new Float64Array(2) }],
    ['offsets beyond the steps', { offsets: new Int32Array([0, 2]) }],
    ['ages of other steps', { ages: new Float64Array(3) }],
    ['an age before birth', { ages: new Float64Array([-1]) }],
  ])('%s', (_, change) => {
    expect(() => attribute({ ...good, ...change })).toThrow('cannot be analysed')
  })
  test('and so are a row of a file and a half-life', () => {
    expect(() => createPathBuilder().add({ steps: ['a'], conversions: -1 })).toThrow('from 0')
    expect(() => attribute(good, { halfLife: 0 })).toThrow('half-life')
  })
  test('nothing at all gives nothing, without NaN', () => {
    const nothing = attribute(pathsOf([]), all)
    expect(nothing.totals.conversions).toBe(0)
    const lost = attribute(pathsOf([{ steps: ['a', 'b'], conversions: 0, nulls: 3 }]), all)
    for (const [, { conversions }] of lost.credits) expect([...conversions]).toEqual([0, 0])
    expect(creditLedger(lost).every(({ conversions }) => conversions === 0)).toBe(true)
  })
})
