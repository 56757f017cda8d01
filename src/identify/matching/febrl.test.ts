import { describe, expect, it } from 'vitest'
import { blockPairs, type BlockKey } from './blocking.ts'
import { createLookup } from './lookup.ts'
import { encodeRecords } from './records.ts'
import { matchRecords } from './match.ts'
import { seededRandom } from '../../math/random.ts'
import { febrlFields, readFebrl } from '../../../test/febrl.ts'

const febrl = readFebrl()

describe.skipIf(febrl === null)('FEBRL, set 4 (skipped: data not there)', () => {
  if (febrl === null) return
  const [a, b] = febrl
  const keysOf = (...names: string[]): BlockKey[] =>
    names.map((name) => [febrlFields.findIndex((one) => one.name === name)])
  const four = keysOf('given_name', 'surname', 'date_of_birth', 'soc_sec_id')

  it('blocks into the pairs that another tool counts (recordlinkage 0.16)', () => {
    const records = encodeRecords(febrlFields, a.cells, b.cells)
    const count = (keys: BlockKey[]): number => blockPairs(records, keys).left.length
    expect(count(keysOf('given_name'))).toBe(77_249)
    expect(count(four)).toBe(160_856)
    expect(count([...four, ...keysOf('postcode')])).toBe(185_055)
  })

  const rightOf = (keys: BlockKey[], oneToOne: boolean): { right: number; wrong: number } => {
    const records = encodeRecords(febrlFields, a.cells, b.cells)
    const { pairs } = matchRecords(records, { keys, oneToOne, random: seededRandom(1) })
    const right = pairs.left.filter((one, p) => a.ids[one] === b.ids[pairs.right[p] ?? 0]).length
    return { right, wrong: pairs.left.length - right }
  }

  it.each([true, false])('finds all 5,000 without having been told any (one to one: %s)', (one) => {
    expect(rightOf([...four, ...keysOf('postcode')], one)).toEqual({ right: 5000, wrong: 0 })
  })

  it('finds all that the four keys cover', () => {
    expect(rightOf(four, false)).toEqual({ right: 4997, wrong: 0 })
  })

  it('knows how many there are, and looks one up as it compares all', () => {
    const records = encodeRecords(febrlFields, a.cells, b.cells)
    const keys = [...four, ...keysOf('postcode')]
    const { model, chance, pairs } = matchRecords(records, { keys, random: seededRandom(1) })
    expect(model.converged).toBe(true)
    expect(model.lambda * 25e6).toBeCloseTo(5000, -1)
    const lookup = createLookup(records, { keys, model, chance })
    for (let p = 0; p < 200; p++) {
      const cells = a.cells.map((column) => column[pairs.left[p] ?? 0] ?? '')
      expect(lookup(cells)[0]?.record).toBe(pairs.right[p])
    }
  })
})
