/** Which of these people are probably one: what the worker computes. Pure. */
import { RecordBuilder } from '../matching/records.ts'
import { matchRecords, type MatchResult } from '../matching/match.ts'
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
/** Two accounts of one person are rarer than one that is known by halves. */
const leastOfTwoUsers = 0.95
/** Of one person, each field agrees in most cases: without that, namesakes would pass for one. */
const leastEqual = 0.6
/** More than this nobody decides; the most likely come first. */
const mostFound = 10_000

/** Collects people piece by piece, then finds who is probably one. */
export class DuplicateFinder {
  readonly #ids: string[] = []
  readonly #isUser: boolean[] = []
  readonly #records = new RecordBuilder(personFields)

  add(people: readonly PersonCells[]): void {
    for (const { id, isUser } of people) {
      this.#ids.push(id)
      this.#isUser.push(isUser)
    }
    this.#records.add(personFields.map((_, f) => people.map(({ cells }) => cells[f] ?? '')))
  }

  find(): DuplicateSearch {
    const people = this.#ids.length
    const nothing = { people, compared: 0, leftOut: 0, found: [] }
    try {
      const records = this.#records.build()
      // The same people give the same answer.
      const result = matchRecords(records, {
        ...{ keys: personKeys, leastProbability, leastEqual, random: seededRandom('duplicates') },
      })
      const found = [...result.pairs.left.keys()]
        .filter((p) => this.#isWorthShowing(result.pairs, p))
        .slice(0, mostFound)
        .map((p) => this.#told(result, p))
      return { people, compared: result.compared, leftOut: result.blocksLeftOut, found, message: null } // prettier-ignore
    } catch (error) {
      // Nobody agrees with anybody on anything, or too many agree on too much.
      if (error instanceof RapportError && error.code === 'invalid_analysis')
        return { ...nothing, message: error.message }
      throw error
    }
  }

  #isWorthShowing({ left, right, probability }: MatchResult['pairs'], p: number): boolean {
    const areUsers = this.#isUser[left[p] ?? 0] === true && this.#isUser[right[p] ?? 0] === true
    return !areUsers || (probability[p] ?? 0) >= leastOfTwoUsers
  }

  #told({ pairs, explain }: MatchResult, p: number): FoundDuplicate {
    const [left, right] = [pairs.left[p] ?? 0, pairs.right[p] ?? 0]
    const [oneId = '', otherId = ''] = [this.#ids[left] ?? '', this.#ids[right] ?? ''].sort()
    return {
      ...{ oneId, otherId, probability: pairs.probability[p] ?? 0, weight: pairs.weight[p] ?? 0 },
      reasons: explain(left, right)
        .filter(({ level }) => level !== 'missing')
        .map(({ field, level, weight }) => [field, level, weight]),
    }
  }
}
