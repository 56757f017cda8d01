/**
 * Who brought whom, as a forest: everybody belongs to the first one who brought them, so that each
 * person, and each person's value, counts once.
 *
 * Referrals are taken in order of time (equal times: as given). One that would close a ring is left
 * out: whoever stands at the top of a tree is not brought by somebody below. `findRings` tells of
 * those.
 */
import { RapportError } from '../../domain/error.ts'

export interface Referrals {
  /** People are 0 .. personCount - 1. */
  readonly personCount: number
  readonly from: Int32Array
  readonly to: Int32Array
  /** When, in any one unit. */
  readonly times: Float64Array
  /** What the referred person is worth, in any one unit. */
  readonly values: Float64Array
}

export interface Forest {
  /** Who brought each person; -1 for those who came by themselves. */
  readonly parent: Int32Array
  /** 0 for those who came by themselves. */
  readonly generation: Int32Array
  /** Whom person p brought: `children[firstChild[p]] .. children[firstChild[p + 1] - 1]`. */
  readonly firstChild: Int32Array
  readonly children: Int32Array
  /** Everybody, generation by generation. */
  readonly order: Int32Array
  /** People in the tree below each person. */
  readonly reach: Int32Array
  /** Their value together. */
  readonly reachValue: Float64Array
}

/** @throws RapportError invalid_analysis where the columns do not fit each other. */
export function plantForest(referrals: Referrals): Forest {
  checkReferrals(referrals)
  const { personCount, from, to, times, values } = referrals
  const parent = new Int32Array(personCount).fill(-1)
  const worth = new Float64Array(personCount)
  const top = Int32Array.from({ length: personCount }, (_, person) => person)
  const byTime = Uint32Array.from(from, (_, edge) => edge)
  byTime.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
  for (const edge of byTime) {
    const [one, other] = [from[edge] ?? 0, to[edge] ?? 0]
    if (parent[other] !== -1 || topOf(top, one) === other) continue
    parent[other] = one
    top[other] = one
    worth[other] = values[edge] ?? 0
  }
  const { firstChild, children } = childrenOf(parent)
  const { order, generation } = generations(parent, firstChild, children)
  const reach = new Int32Array(personCount)
  const reachValue = new Float64Array(personCount)
  for (let i = personCount - 1; i >= 0; i--) {
    const person = order[i] ?? 0
    const above = parent[person] ?? -1
    if (above < 0) continue
    reach[above] = (reach[above] ?? 0) + (reach[person] ?? 0) + 1
    reachValue[above] = (reachValue[above] ?? 0) + (reachValue[person] ?? 0) + (worth[person] ?? 0)
  }
  return { parent, generation, firstChild, children, order, reach, reachValue }
}

/** People below somebody by distance: brought by them, by those, and so on. */
export function reachByGeneration(forest: Forest, person: number): number[] {
  const { firstChild, children } = forest
  const counts: number[] = []
  let level = [person]
  for (;;) {
    const next: number[] = []
    for (const one of level) {
      for (let i = firstChild[one] ?? 0; i < (firstChild[one + 1] ?? 0); i++) {
        next.push(children[i] ?? 0)
      }
    }
    if (next.length === 0) return counts
    counts.push(next.length)
    level = next
  }
}

/** People in each generation, from those who came by themselves. */
export function generationSizes({ generation }: Forest): number[] {
  const sizes: number[] = []
  for (const one of generation) sizes[one] = (sizes[one] ?? 0) + 1
  return sizes
}

function topOf(top: Int32Array, person: number): number {
  let at = person
  while ((top[at] ?? at) !== at) {
    // Halves the way for the next one who asks.
    const above = top[at] ?? at
    top[at] = top[above] ?? above
    at = top[at] ?? at
  }
  return at
}

function childrenOf(parent: Int32Array) {
  const firstChild = new Int32Array(parent.length + 1)
  for (const above of parent) {
    if (above >= 0) firstChild[above + 1] = (firstChild[above + 1] ?? 0) + 1
  }
  for (let p = 0; p < parent.length; p++) {
    firstChild[p + 1] = (firstChild[p + 1] ?? 0) + (firstChild[p] ?? 0)
  }
  const children = new Int32Array(firstChild[parent.length] ?? 0)
  const place = firstChild.slice()
  for (let person = 0; person < parent.length; person++) {
    const above = parent[person] ?? -1
    if (above < 0) continue
    const at = place[above] ?? 0
    place[above] = at + 1
    children[at] = person
  }
  return { firstChild, children }
}

function generations(parent: Int32Array, firstChild: Int32Array, children: Int32Array) {
  const order = new Int32Array(parent.length)
  const generation = new Int32Array(parent.length)
  let size = 0
  parent.forEach((above, person) => {
    if (above < 0) order[size++] = person
  })
  for (let i = 0; i < size; i++) {
    const person = order[i] ?? 0
    for (let c = firstChild[person] ?? 0; c < (firstChild[person + 1] ?? 0); c++) {
      const child = children[c] ?? 0
      generation[child] = (generation[person] ?? 0) + 1
      order[size++] = child
    }
  }
  return { order, generation }
}

export function checkReferrals({ personCount, from, to, times, values }: Referrals): void {
  const refuse = (detail: string): never => {
    throw new RapportError('invalid_analysis', detail)
  }
  if (to.length !== from.length || times.length !== from.length || values.length !== from.length)
    refuse('The columns of the referrals differ in length.')
  const isPerson = (one: number): boolean => one >= 0 && one < personCount
  for (let edge = 0; edge < from.length; edge++) {
    if (!isPerson(from[edge] ?? -1) || !isPerson(to[edge] ?? -1))
      refuse(`Referral ${edge + 1} names somebody who is not there.`)
    if (!Number.isFinite(times[edge]) || !Number.isFinite(values[edge]))
      refuse(`Referral ${edge + 1} has a time or a value that is no number.`)
  }
}
