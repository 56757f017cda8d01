import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockPairs, usualLimits, type BlockKey } from './blocking.ts'
import { encodeRecords, type Cells } from './records.ts'
import { matchRecords } from './match.ts'
import { normalise, type FieldDefinition } from './fields.ts'
import { seededRandom } from '../../math/random.ts'

const twoFields: readonly FieldDefinition[] = [
  { name: 'name', kind: 'name' },
  { name: 'town', kind: 'category' },
]
const few = fc.array(fc.constantFrom('', 'ann', 'anna', 'bob', 'bobby'), { maxLength: 30 })

describe('blocking', () => {
  const naive = (cells: Cells, other: Cells | undefined, keys: readonly BlockKey[]): string[] => {
    const found: string[] = []
    const right = other ?? cells
    for (let i = 0; i < (cells[0]?.length ?? 0); i++) {
      for (let j = other ? 0 : i + 1; j < (right[0]?.length ?? 0); j++) {
        const agree = (key: BlockKey): boolean =>
          key.every((f) => cells[f]?.[i] !== '' && cells[f]?.[i] === right[f]?.[j])
        if (keys.some(agree)) found.push(`${i} ${j}`)
      }
    }
    return found.sort()
  }

  it('gives each pair that agrees on any key once, in one table and between two', () => {
    fc.assert(
      fc.property(few, few, fc.boolean(), (names, towns, isOne) => {
        const count = Math.min(names.length, towns.length)
        const left = [names.slice(0, count), towns.slice(0, count)]
        const right = isOne ? undefined : [towns.slice(0, count), names.slice(0, count)]
        const records = encodeRecords(twoFields, left, right)
        for (const keys of [[[0]], [[0], [1]], [[0, 1]], [[0, 1], [1]]]) {
          const pairs = blockPairs(records, keys)
          const found = [...pairs.left].map((one, p) => `${one} ${pairs.right[p] ?? -1}`)
          expect(found.sort()).toEqual(naive(left, right, keys))
        }
      }),
    )
  })

  it('leaves giant blocks out, and says so', () => {
    const names = [...Array<string>(100).fill('ann'), 'bob', 'bob']
    const towns = names.map((_, i) => (i < 2 ? 'here' : `town ${i}`))
    const records = encodeRecords(twoFields, [names, towns])
    const { left, blocksLeftOut, pairsLeftOut } = blockPairs(records, [[0], [1]], {
      ...usualLimits,
      pairsPerBlock: 1000,
    })
    expect([...left]).toEqual([0, 100])
    expect({ blocksLeftOut, pairsLeftOut }).toEqual({ blocksLeftOut: 1, pairsLeftOut: 4950 })
    expect(() => blockPairs(records, [[0]], { ...usualLimits, pairs: 10 })).toThrow(
      'Block on more fields together',
    )
  })
})

/** People with a name, a birthday and a town, of whom some come twice, with slips. */
function simulated(people: number, twice: number): { cells: Cells; ids: number[] } {
  const random = seededRandom('match')
  const syllables = ['an', 'bel', 'cor', 'da', 'el', 'fri', 'go', 'hen', 'ik', 'jo', 'ka', 'lu']
  const word = (): string => [1, 2, 3].map(() => random.choice(syllables)).join('')
  const rows: string[][] = []
  const ids: number[] = []
  for (let i = 0; i < people; i++) {
    const born = `${random.integer(60) + 1940}-${10 + random.integer(3)}-${10 + random.integer(18)}`
    const row = [word(), word(), born, random.choice(['north', 'south', 'east', 'west'])]
    rows.push(row)
    ids.push(i)
    if (i >= twice) continue
    const slip = random.integer(4)
    rows.push(row.map((cell, f) => (f !== slip ? cell : f === 3 ? '' : `${cell.slice(0, -1)}7`)))
    ids.push(i)
  }
  return { cells: [0, 1, 2, 3].map((f) => rows.map((row) => row[f] ?? '')), ids }
}

const person: readonly FieldDefinition[] = [
  { name: 'first', kind: 'name' },
  { name: 'last', kind: 'name' },
  { name: 'born', kind: 'date' },
  { name: 'town', kind: 'category' },
]

describe('matching', () => {
  it('finds duplicates in one table, calibrated by the model', () => {
    const { cells, ids } = simulated(3000, 600)
    const records = encodeRecords(person, cells)
    const keys = [[0], [1], [2]]
    const { pairs, model } = matchRecords(records, {
      ...{ keys, random: seededRandom(2), leastProbability: 0.01 },
    })
    const sure = [...pairs.probability.keys()].filter((p) => (pairs.probability[p] ?? 0) >= 0.5)
    const right = (p: number): boolean => ids[pairs.left[p] ?? 0] === ids[pairs.right[p] ?? 0]
    expect(sure.filter(right).length).toBeGreaterThan(590)
    expect(sure.filter((p) => !right(p)).length).toBeLessThan(6)
    expect((model.lambda * (3600 * 3599)) / 2).toBeCloseTo(600, -2)
  })

  it('holds a rare name for better evidence than a common one', () => {
    const { cells } = simulated(2000, 400)
    const [first = [], last = [], born = [], town = []] = cells
    const smiths = last.map((name, i) => (i % 3 === 0 ? 'smith' : name))
    const records = encodeRecords(person, [first, smiths, born, town])
    const result = matchRecords(records, { keys: [[0], [2]], random: seededRandom(1) })
    const reason = (value: string): number => {
      const i = smiths.indexOf(value)
      return result.explain(i, i)[1]?.weight ?? 0
    }
    const rare = smiths.find((name) => name !== 'smith' && smiths.indexOf(name) === smiths.lastIndexOf(name)) // prettier-ignore
    expect(reason(rare ?? '')).toBeGreaterThan(reason('smith') + 5)
  })

  it('says why: weights of the fields and the prior add up to the weight of the pair', () => {
    const { cells } = simulated(1000, 200)
    const result = matchRecords(encodeRecords(person, cells), {
      ...{ keys: [[0], [1], [2]], random: seededRandom(1) },
    })
    const { lambda } = result.model
    result.pairs.left.forEach((left, p) => {
      const reasons = result.explain(left, result.pairs.right[p] ?? 0)
      const sum = reasons.reduce(
        (one, { weight }) => one + weight,
        Math.log2(lambda / (1 - lambda)),
      )
      expect(sum).toBeCloseTo(result.pairs.weight[p] ?? NaN, 9)
    })
  })

  it('finds nobody where nobody came twice', () => {
    const { cells } = simulated(1500, 0)
    const result = matchRecords(encodeRecords(person, cells), {
      ...{ keys: [[0], [1], [2]], random: seededRandom(1), leastProbability: 0.9 },
    })
    expect(result.pairs.left.length).toBe(0)
  })

  it.each<[string, Cells, BlockKey[], string]>([
    ['no records', [[], []], [[0]], 'No two records agree'],
    ['one record', [['ann'], ['here']], [[0]], 'No two records agree'],
    [
      'no agreement',
      [
        ['ann', 'bob'],
        ['a', 'b'],
      ],
      [[0]],
      'No two records agree',
    ],
    [
      'no key',
      [
        ['ann', 'ann'],
        ['a', 'b'],
      ],
      [],
      'at least one field',
    ],
    ['uneven columns', [['ann', 'ann'], ['a']], [[0]], 'a cell a record'],
  ])('refuses %s with what to do', (_, cells, keys, words) => {
    expect(() =>
      matchRecords(encodeRecords(twoFields, cells), { keys, random: seededRandom(1) }),
    ).toThrow(words)
  })

  it('takes all equal, and all missing but one field, without a number that is none', () => {
    const names = Array<string>(40).fill('ann')
    for (const towns of [names, names.map(() => '')]) {
      const records = encodeRecords(twoFields, [names, towns])
      const { pairs, model } = matchRecords(records, {
        ...{ keys: [[0]], random: seededRandom(1), leastProbability: 0.001 },
      })
      expect([...pairs.probability].every((one) => one > 0 && one <= 1)).toBe(true)
      expect([...model.m, ...model.u].flatMap((one) => [...one]).every(Number.isFinite)).toBe(true)
    }
  })
})

describe('normalising', () => {
  it.each([
    ['name', ' Müller-Lüdenscheidt ', 'muller ludenscheidt'],
    ['name', 'WEIẞ Yılmaz Łucja Ørsted', 'weiss yilmaz lucja orsted'],
    ['name', '渡辺', '渡辺'],
    ['name', ' - ', ''],
    ['date', '1990-01-02T00:00:00Z', '19900102'],
    ['phone', '+49 (30) 123-456', '4930123456'],
    ['email', ' Ann@Example.com', 'ann@example.com'],
    ['email', 'nobody', ''],
    ['number', 'AB 12-3', 'ab123'],
  ] as const)('%s %s', (kind, cell, expected) => {
    expect(normalise(kind, cell)).toBe(expected)
  })
})
