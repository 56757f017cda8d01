/** A company's customers, of whom some stand twice in the list, with slips and changes. */
import { seededRandom, type Random } from '../../src/math/random.ts'
import type { BlockKey } from '../../src/identify/matching/blocking.ts'
import type { Cells } from '../../src/identify/matching/records.ts'
import type { FieldDefinition } from '../../src/identify/matching/fields.ts'

export interface SimulatedPeople {
  readonly fields: readonly FieldDefinition[]
  readonly keys: readonly BlockKey[]
  readonly cells: Cells
  /** Equal for one person. */
  readonly ids: Int32Array
  readonly truePairs: number
}

const fields: readonly FieldDefinition[] = [
  { name: 'first name', kind: 'name' },
  { name: 'last name', kind: 'name' },
  { name: 'e-mail', kind: 'email' },
  { name: 'phone', kind: 'phone' },
  { name: 'postcode', kind: 'number' },
  { name: 'birthday', kind: 'date' },
]
const keys: readonly BlockKey[] = [[2], [3], [0, 1, 4], [1, 5], [0, 5], [4, 5]]
const chanceOfSlip = 0.15

/** @param share  of the records that are a second one of somebody */
export function simulatedPeople(size: number, share: number): SimulatedPeople {
  const random = seededRandom('people')
  const firstNames = namesOf(random, 1_500)
  const lastNames = namesOf(random, 20_000)
  const originals = size - Math.floor(size * share)
  const cells = fields.map(() => [] as string[])
  const ids = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const again = i >= originals
    const id = again ? random.integer(originals) : i
    ids[i] = id
    for (const [f, column] of cells.entries()) {
      const value = again ? slipped(random, column[id] ?? '') : fresh(f, i)
      column.push(value)
    }
  }
  return { fields, keys, cells, ids, truePairs: pairsOf(ids) }

  function fresh(f: number, i: number): string {
    switch (f) {
      case 0:
        return common(random, firstNames)
      case 1:
        return common(random, lastNames)
      case 2:
        // Nobody shares an address.
        return `${cells[0]?.[i] ?? ''}.${cells[1]?.[i] ?? ''}.${i.toString(36)}@${random.integer(40)}.example`
      case 3:
        return random.chance(0.3) ? '' : `49${1_000_000_000 + random.integer(8_999_999_999)}`
      case 4:
        return String(10_000 + random.integer(8_000))
      default:
        return random.chance(0.2) ? '' : dayOf(random)
    }
  }
}

/** Few names have many people (Zipf's law, roughly). */
function common(random: Random, names: readonly string[]): string {
  return names[Math.floor(names.length ** random.next()) - 1] ?? ''
}

function namesOf(random: Random, count: number): string[] {
  const syllables = ['an', 'bel', 'co', 'da', 'er', 'fri', 'go', 'hu', 'il', 'ja', 'kro', 'lem', 'mi', 'no', 'pe', 'ra', 'sa', 'ti', 'ul', 'wen'] // prettier-ignore
  const names = new Set<string>()
  while (names.size < count) {
    const length = 2 + random.integer(3)
    names.add(Array.from({ length }, () => random.choice(syllables)).join(''))
  }
  return [...names]
}

function dayOf(random: Random): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${1940 + random.integer(65)}-${two(1 + random.integer(12))}-${two(1 + random.integer(28))}`
}

/** Now and then a wrong letter, two exchanged, or nothing. */
function slipped(random: Random, value: string): string {
  if (value === '' || !random.chance(chanceOfSlip)) return value
  const at = random.integer(value.length)
  const kind = random.integer(3)
  if (kind === 0) return ''
  if (kind === 1) return `${value.slice(0, at)}${random.integer(10)}${value.slice(at + 1)}`
  return `${value.slice(0, at)}${value[at + 1] ?? ''}${value[at] ?? ''}${value.slice(at + 2)}`
}

function pairsOf(ids: Int32Array): number {
  const counts = new Map<number, number>()
  let pairs = 0
  for (const id of ids) {
    const before = counts.get(id) ?? 0
    pairs += before
    counts.set(id, before + 1)
  }
  return pairs
}
