/** Whether a party is inside, and until when by time alone. Pure: one meaning, whoever asks. */
import { askBoth } from './facts.ts'
import { needsHistory } from './needs.ts'
import type { Facts, Question, Verdict } from './facts.ts'
import type { SegmentCondition } from './node.ts'

export interface Evaluation {
  readonly inside: boolean
  /** Milliseconds since 1970; null where time alone changes nothing. */
  readonly wakeAt: number | null
}

/** Asks of one party at one time, several segments after each other. */
export class Asked {
  readonly #facts: Facts
  readonly #now: number
  readonly #low: Question
  readonly #high: Question
  readonly #isKnown: boolean

  constructor(facts: Facts, now: number) {
    this.#facts = facts
    this.#now = now
    const { low, high } = askBoth(now)
    this.#low = low
    this.#high = high
    this.#isKnown =
      facts.history !== null && facts.accounts.every(({ history }) => history !== null)
  }

  /**
   * Null where the history decides and was not read.
   *
   * @param kept  until when histories are known to let it hold, where they were not read
   */
  of(condition: SegmentCondition, kept: number = -Infinity): Evaluation | null {
    if (this.#isKnown || !needsHistory(condition.needs)) {
      return evaluationOf(condition.verdict(this.#facts, this.#low))
    }
    // Questions of its own, since what is kept is known of this condition only.
    const { low: worst, high: best } =
      kept > -Infinity ? askBoth(this.#now, kept) : { low: this.#low, high: this.#high }
    const low = condition.verdict(this.#facts, worst)
    const high = condition.verdict(this.#facts, best)
    if (low > 0 !== high > 0) return null
    // The truth lies between the two, so it changes no sooner than the nearer one.
    return evaluationOf(Math.sign(low) * Math.min(Math.abs(low), Math.abs(high)))
  }
}

/** The end of the year 9999: what lies beyond is as good as never, and no calendar has it. */
export const never = 253_402_300_799_999

export function evaluationOf(verdict: Verdict): Evaluation {
  const time = Math.abs(verdict)
  return { inside: verdict > 0, wakeAt: time < never ? Math.floor(time) : null }
}
