/**
 * The places of each character of one value as the bits of a number, kept while the same value is
 * compared with others: what bit-parallel comparison of strings starts from.
 */
import type { Vocabulary } from './vocabulary.ts'

/** Bits of a number. Longer values cannot be held. */
export const wordSize = 32

export class HeldPattern {
  /** Bit i is set for the code unit at place i; read it by code unit. */
  readonly places = new Int32Array(65_536)
  readonly #vocabulary: Vocabulary
  readonly #letters = new Uint16Array(wordSize)
  #id = -1
  #length = 0
  #borrowed = -1

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  hold(id: number): void {
    const { codes, starts, borrowed } = this.#vocabulary
    if (id === this.#id && borrowed === this.#borrowed) return
    const { places } = this
    const letters = this.#letters
    for (let i = 0; i < this.#length; i++) places[letters[i] ?? 0] = 0
    const start = starts[id] ?? 0
    const length = (starts[id + 1] ?? 0) - start
    this.#id = id
    this.#length = length
    this.#borrowed = borrowed
    for (let i = 0; i < length; i++) {
      const code = codes[start + i] ?? 0
      letters[i] = code
      places[code] = (places[code] ?? 0) | (1 << i)
    }
  }
}
