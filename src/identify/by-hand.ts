/**
 * What decisions by hand ask of the partition, replayed in the order in which they were made: a merge
 * glues all identifiers of the two parties, a split glues those taken out, glues those that stay, and
 * separates the two. A later decision overrules an earlier one; one that is taken back is not
 * replayed. Pure, and free of any order in which touchpoints came.
 */
import { linkKey } from './facts.ts'
import type { IdentityGraph } from './components.ts'

type Pair = readonly [string, string]

export interface HandDecisionRecord {
  readonly action: 'merge' | 'split'
  /** merge: each identifier with the first one; split: each one taken out with each that stays. */
  readonly pairs: readonly Pair[]
}

/** @param decisions  those in force, oldest first */
export function constraintsOf(
  decisions: readonly HandDecisionRecord[],
): Pick<IdentityGraph, 'joined' | 'separated'> {
  const glue = new Glue()
  const separated = new Map<string, Pair>()
  for (const { action, pairs } of decisions) {
    if (action === 'merge') {
      const group = glue.unite(pairs.flat())
      for (const [key, [a, b]] of separated) if (group.has(a) && group.has(b)) separated.delete(key)
      continue
    }
    const out = new Set(pairs.map(([taken]) => taken))
    glue.takeOut(out)
    glue.unite([...out])
    glue.unite(pairs.map(([, stays]) => stays))
    for (const pair of pairs) separated.set(linkKey(...pair), pair)
  }
  return { joined: glue.pairs(), separated: [...separated.values()] }
}

/** Groups of identifiers that must be together. */
class Glue {
  readonly #groupOf = new Map<string, Set<string>>()

  unite(subjects: readonly string[]): ReadonlySet<string> {
    const group = new Set(
      subjects.flatMap((subject) => [...(this.#groupOf.get(subject) ?? [subject])]),
    )
    for (const subject of group) this.#groupOf.set(subject, group)
    return group
  }

  /** Loosens these from all others; what was glued among them stays so. */
  takeOut(out: ReadonlySet<string>): void {
    for (const group of new Set(this.#groupOf.values())) {
      const taken = [...group].filter((subject) => out.has(subject))
      if (taken.length === 0 || taken.length === group.size) continue
      for (const subject of taken) group.delete(subject)
      const own = new Set(taken)
      for (const subject of taken) this.#groupOf.set(subject, own)
    }
  }

  pairs(): Pair[] {
    return [...new Set(this.#groupOf.values())].flatMap((group) => {
      const [first, ...others] = group
      return first === undefined ? [] : others.map((other): Pair => [first, other])
    })
  }
}
