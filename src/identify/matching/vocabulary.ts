/**
 * The distinct values of a field, numbered from 0, with their UTF-16 code units side by side in one
 * typed array: equal values are equal numbers, and comparing two never touches a string.
 */

/** Longer values are cut: names and addresses are shorter, and what is not must not cost time. */
export const longestValue = 128

export class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly #values: string[] = []
  /** Code units of value `id` are at `starts[id]` up to `starts[id + 1]`. */
  codes = new Uint16Array(4096)
  starts = new Int32Array(1024)
  /** Counts what was borrowed: a comparer that remembers a value knows by it that it may be another. */
  borrowed = 0

  get size(): number {
    return this.#values.length
  }

  valueOf(id: number): string {
    return this.#values[id] ?? ''
  }

  /** The number of a value, which is added where it is new. */
  add(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    const id = this.#values.length
    this.#ids.set(text, id)
    this.#values.push(text)
    this.#write(id, text)
    return id
  }

  /** The number of a value that is known, else -1. */
  find(text: string): number {
    return this.#ids.get(text) ?? -1
  }

  /**
   * Writes a value behind the last one for comparing it once; it gets the number `size`, which no
   * other value has until the next `add` or `borrow`.
   */
  borrow(text: string): number {
    const id = this.#values.length
    this.#write(id, text)
    this.borrowed++
    return id
  }

  #write(id: number, text: string): void {
    const length = Math.min(text.length, longestValue)
    const start = this.starts[id] ?? 0
    if (id + 2 > this.starts.length) this.starts = larger(this.starts, Int32Array)
    if (start + length > this.codes.length) this.codes = larger(this.codes, Uint16Array)
    for (let i = 0; i < length; i++) this.codes[start + i] = text.charCodeAt(i)
    this.starts[id + 1] = start + length
  }
}

function larger<A extends Int32Array | Uint16Array>(old: A, Kind: new (length: number) => A): A {
  const grown = new Kind(old.length * 2)
  grown.set(old)
  return grown
}
