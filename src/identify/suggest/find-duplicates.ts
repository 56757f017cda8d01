/** Which of these people are probably one: what the worker computes. Pure. */
import { encodeRecords } from '../matching/records.ts'
import { matchRecords } from '../matching/match.ts'
import { personFields, personKeys } from './person-fields.ts'
import { RapportError } from '../../domain/error.ts'
import { seededRandom } from '../../math/random.ts'
import type { PersonCells } from './read-people.ts'

export interface FoundDuplicate {
  /** In the order of their ids. */
  readonly oneId: string
  readonly otherId: string
  readonly probability: number
  readonly weight: number
  /** Per field with something to say: field, level, weight in bits. */
  readonly reasons: readonly (readonly [string, string, number])[]
}

export interface DuplicateSearch {
  readonly people: number
  readonly compared: number
  /** Values that too many share to be compared. */
  readonly leftOut: number
  /** Most likely first. */
  readonly found: readonly FoundDuplicate[]
  /** Why there is nothing to say, where that has a reason. */
  readonly message: string | null
}

/** Less likely ones are not worth anybody's time. */
const leastProbability = 0.5
/** More than this nobody decides; the most likely come first. */
const mostFound = 10_000

/** Collects people piece by piece, then finds who is probably one. */
export class DuplicateFinder {
  readonly #ids: string[] = []
  readonly #columns: string[][] = personFields.map(() => [])

  add(people: readonly PersonCells[]): void {
    for (const { id, cells } of people) {
      this.#ids.push(id)
      this.#columns.forEach((column, f) => column.push(cells[f] ?? ''))
    }
  }

  find(): DuplicateSearch {
    const people = this.#ids.length
    const nothing = { people, compared: 0, leftOut: 0, found: [] }
    try {
      const records = encodeRecords(personFields, this.#columns)
      // The same people give the same answer.
      const result = matchRecords(records, {
        ...{ keys: personKeys, leastProbability, random: seededRandom('duplicates') },
      })
      const count = Math.min(mostFound, result.pairs.left.length)
      const found = Array.from({ length: count }, (_, p): FoundDuplicate => {
        const [left, right] = [result.pairs.left[p] ?? 0, result.pairs.right[p] ?? 0]
        const [oneId = '', otherId = ''] = [this.#ids[left] ?? '', this.#ids[right] ?? ''].sort()
        return {
          ...{ oneId, otherId, probability: result.pairs.probability[p] ?? 0 },
          weight: result.pairs.weight[p] ?? 0,
          reasons: result
            .explain(left, right)
            .filter(({ level }) => level !== 'missing')
            .map(({ field, level, weight }) => [field, level, weight]),
        }
      })
      return { people, compared: result.compared, leftOut: result.blocksLeftOut, found, message: null } // prettier-ignore
    } catch (error) {
      // Nobody agrees with anybody on anything, or too many agree on too much.
      if (error instanceof RapportError && error.code === 'invalid_analysis')
        return { ...nothing, message: error.message }
      throw error
    }
  }
}
