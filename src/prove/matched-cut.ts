/**
 * Those who reached an outcome beside those who did not, both observed equally long. Whoever stays
 * longer sees more of everything, so the history of each one who did not is cut after as many steps
 * as somebody who did had taken before the outcome (frequency matching on the length of observation;
 * K. J. Rothman, Modern Epidemiology, chapter on matching).
 *
 * Histories longer than `window` are looked at through their last `window` steps. The window is the
 * longest at which everybody who reached it finds a partner.
 */
import type { Random } from '../math/random.ts'

export interface MatchOptions {
  /** Steps before the outcome of each who reached it. */
  readonly before: ArrayLike<number>
  /** All steps of each who did not. */
  readonly others: ArrayLike<number>
  readonly random: Random
  /** Partners of each at most. */
  readonly most?: number
}

export interface Matched {
  /** Steps that are looked at, at most. */
  readonly window: number
  /** Partners of each; 0 where nobody can be matched. */
  readonly partners: number
  /** Those who reached it and found partners: places in `before`. */
  readonly reached: readonly number[]
  /** Partners: places in `others`, and after how many of their steps they are cut. */
  readonly cuts: readonly { readonly other: number; readonly at: number }[]
}

const windows = [40, 30, 20, 15, 10, 7, 5, 3, 2, 1]

/** Whoever took no step at all has nothing to compare and is left out. */
export function matchCuts({ before, others, random, most = 4 }: MatchOptions): Matched {
  const winners = placesOf(before)
  const pool = placesOf(others)
  const nobody = { window: 0, partners: 0, reached: [], cuts: [] }
  if (winners.length === 0 || pool.length === 0) return nobody
  for (const window of windows) {
    const partners = Math.min(most, partnersAt(winners, pool, window))
    if (partners < 1) continue
    return { window, partners, ...drawn({ winners, pool, window, partners, random }) }
  }
  // More reached it than did not: as many as there are others for, of all lengths alike.
  const some = winners
    .map((one) => ({ one, by: random.next() }))
    .sort((one, other) => one.by - other.by)
    .slice(0, pool.length)
    .map(({ one }) => one)
  return { window: 1, partners: 1, ...drawn({ winners: some, pool, window: 1, partners: 1, random }) } // prettier-ignore
}

interface Person {
  readonly place: number
  readonly steps: number
}

/** Those with any step, the longest first. */
const placesOf = (steps: ArrayLike<number>): Person[] =>
  Array.from({ length: steps.length }, (_, place) => ({ place, steps: steps[place] ?? 0 }))
    .filter((one) => one.steps > 0)
    .sort((one, other) => other.steps - one.steps || one.place - other.place)

/** How many each can have: the pools of longer histories lie within those of shorter ones (Hall). */
function partnersAt(winners: readonly Person[], pool: readonly Person[], window: number): number {
  let least = Infinity
  let eligible = 0
  for (const [rank, { steps }] of winners.entries()) {
    while (eligible < pool.length && (pool[eligible]?.steps ?? 0) >= Math.min(steps, window))
      eligible++
    least = Math.min(least, Math.floor(eligible / (rank + 1)))
  }
  return least
}

function drawn(of: {
  readonly winners: readonly Person[]
  readonly pool: readonly Person[]
  readonly window: number
  readonly partners: number
  readonly random: Random
}): Pick<Matched, 'reached' | 'cuts'> {
  const { pool, window, partners, random } = of
  const winners = of.winners.toSorted((one, other) => other.steps - one.steps)
  const waiting: Person[] = []
  const cuts: { other: number; at: number }[] = []
  let eligible = 0
  for (const { steps } of winners) {
    for (
      let one = pool[eligible];
      one && one.steps >= Math.min(steps, window);
      one = pool[++eligible]
    )
      // prettier-ignore
      waiting.push(one)
    for (let i = 0; i < partners; i++) {
      const chosen = random.integer(waiting.length)
      const one = waiting[chosen]
      const last = waiting.pop()
      if (one === undefined || last === undefined) break
      if (one !== last) waiting[chosen] = last
      // Somebody who went on beyond the window is looked at anywhere from there on.
      const at =
        steps < window ? steps : window + random.integer(Math.max(0, one.steps - window) + 1)
      cuts.push({ other: one.place, at })
    }
  }
  return { reached: winners.map(({ place }) => place).sort((a, b) => a - b), cuts }
}
