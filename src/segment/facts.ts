/** What is known of a party when a segment is evaluated. */
import type { Json, Touchpoint } from '../domain/touchpoint.ts'
import type { HealthColour, PartyKind } from '../domain/view.ts'
import type { State } from '../relationship/measure-table.ts'

/** Where the party stands, as the relationship table says. Times in milliseconds since 1970. */
export interface StandingFacts {
  readonly partyId: string
  readonly kind: PartyKind
  readonly rung: number
  readonly rungSince: number
  readonly health: HealthColour
  readonly healthSince: number
  readonly persona: string | null
  readonly personaFit: number
  readonly state: State
}

export interface Facts extends StandingFacts {
  readonly traits: ReadonlyMap<string, Json>
  /** Stored scores by quantity. */
  readonly predictions: ReadonlyMap<string, number>
  /** Its identifiers. */
  readonly subjects: ReadonlySet<string>
  /** Accounts that a person belongs to. */
  readonly accounts: readonly Facts[]
  /** Oldest first, without robots; null where it has not been read. */
  readonly history: readonly Touchpoint[] | null
  /** Touchpoints that are known to be in a history that was not read: those that just came. */
  readonly recent?: readonly Touchpoint[]
}

/**
 * One number says whether a condition holds and until when: positive where it holds, negative where
 * it does not; its size is the time (milliseconds since 1970) before which it does not change by
 * time alone, Infinity where it never does. So "and" is the least, "or" the greatest, "not" the
 * opposite: a group that does not hold waits for the last of what it misses, one that holds ends
 * with the first of what it needs. Not too late; maybe too early.
 */
export type Verdict = number

export interface Question {
  readonly now: number
  /** What conditions on a history that was not read say: the worst, or the best. */
  readonly assumed: Verdict
  /** What those say at the worst that held until this time and to which nothing but more of it came. */
  readonly kept: Verdict
  /** The same with the opposite assumption: what stands under a "not" is asked so. */
  readonly flipped: Question
  /** Verdicts of nested segments, by party. */
  readonly memo: Map<Facts, Map<object, Verdict>>
}

class Side implements Question {
  readonly now: number
  readonly assumed: Verdict
  readonly kept: Verdict
  readonly #other: () => Question
  #memo: Question['memo'] | null = null

  constructor(now: number, assumed: Verdict, kept: Verdict, other: () => Question) {
    this.now = now
    this.assumed = assumed
    this.kept = kept
    this.#other = other
  }

  get flipped(): Question {
    return this.#other()
  }

  get memo(): Question['memo'] {
    return (this.#memo ??= new Map())
  }
}

/** The worst and the best that a history which was not read could say: the truth lies between. */
export function askBoth(
  now: number,
  kept: Verdict = -Infinity,
): { readonly low: Question; readonly high: Question } {
  const low: Question = new Side(now, -Infinity, kept, () => high)
  const high: Question = new Side(now, Infinity, kept, () => low)
  return { low, high }
}

export const always = (holds: boolean): Verdict => (holds ? Infinity : -Infinity)
