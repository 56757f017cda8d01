/**
 * Answers about everybody, remembered in proportion to what they cost: what took less than 100 ms is
 * computed each time; what took two seconds for a million people is good for a minute (five at most). An answer whose
 * time is over is given once more while a new one is made, unless it is too old for that.
 */
export interface RememberOptions {
  /** Milliseconds; the same clock tells what an answer costs and how old it is. */
  readonly now: () => number
}

interface Kept {
  readonly value: unknown
  readonly madeAt: number
  readonly cost: number
}

/** Milliseconds; cheaper ones are always made anew. */
const cheap = 100
/** An answer is good for so many times its cost: making it takes 3 % of a core at most. */
const timesCost = 30
/** Milliseconds that an answer is good for at most, and that it is given while a new one is made. */
const longestFresh = 5 * 60_000
const longestStale = 15 * 60_000
/** Addresses may be asked with any number of days. */
const mostKept = 50

export class RememberedAnswers {
  readonly #now: () => number
  readonly #kept = new Map<string, Kept>()
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor({ now }: RememberOptions) {
    this.#now = now
  }

  /** Whoever asks the same at the same time waits for one answer. */
  async get<T>(key: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key)
    if (!kept) return this.#make(key, make)
    const age = this.#now() - kept.madeAt
    if (age < Math.min(longestFresh, timesCost * kept.cost)) return kept.value as T
    const made = this.#make(key, make)
    if (age > longestStale) return made
    // Whoever asks next hears of it, if it fails again.
    made.catch(() => this.#kept.delete(key))
    return kept.value as T
  }

  #make<T>(key: string, make: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key)
    if (underWay) return underWay as Promise<T>
    const begunAt = this.#now()
    const made = make()
      .then((value) => {
        this.#keep(key, { value, madeAt: begunAt, cost: this.#now() - begunAt })
        return value
      })
      .finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, made)
    return made
  }

  #keep(key: string, answer: Kept): void {
    // Deleted first, so that it moves to the end: the first one is always the oldest.
    this.#kept.delete(key)
    if (answer.cost < cheap) return
    this.#kept.set(key, answer)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}
