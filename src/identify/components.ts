/**
 * Which identifiers belong to one party: a pure function of the set of facts, so that the order of
 * arrival cannot matter. Links are weighed from the earliest on (Kruskal's algorithm); a link that
 * would break a limit is refused, as is one that a person has separated by hand.
 */
import { linkKey } from './facts.ts'
import type { LinkFact } from './facts.ts'

/** At most so many identifiers of a namespace in one party: two known users are never joined. */
export const namespaceLimits: Readonly<Record<string, number>> = {
  user_id: 1,
  account: 1,
  email: 5,
  phone: 5,
  anonymous_id: 100,
}
export const externalLimit = 5

/** An identifier linked with more users than this is shared (a kiosk) and identifies nobody. */
export const sharedFrom = 20

export interface Subject {
  readonly subjectId: string
  readonly namespace: string
}

export interface IdentityGraph {
  readonly subjects: readonly Subject[]
  readonly links: readonly LinkFact[]
  /** Pairs joined by hand: first, and whatever the limits say. */
  readonly joined: readonly (readonly [string, string])[]
  /** Pairs separated by hand: never in one party again. */
  readonly separated: readonly (readonly [string, string])[]
}

export interface Components {
  /** Subject -> its component, named by one of its subjects. */
  readonly rootOf: ReadonlyMap<string, string>
  readonly refused: readonly LinkFact[]
  readonly shared: ReadonlySet<string>
}

export function resolveComponents(graph: IdentityGraph): Components {
  const shared = sharedSubjects(graph)
  const forest = new Forest(graph)
  for (const [a, b] of graph.joined) forest.join(a, b)
  const refused: LinkFact[] = []
  const inOrder = [...graph.links].sort(
    (x, y) =>
      x.firstAt - y.firstAt ||
      compare(x.touchpointId, y.touchpointId) ||
      // One touchpoint links several pairs.
      compare(x.a, y.a) ||
      compare(x.b, y.b),
  )
  for (const link of inOrder) {
    if (shared.has(link.a) || shared.has(link.b)) refused.push(link)
    else if (!forest.mayJoin(link.a, link.b)) refused.push(link)
    else forest.join(link.a, link.b)
  }
  return {
    rootOf: new Map(graph.subjects.map(({ subjectId }) => [subjectId, forest.find(subjectId)])),
    refused,
    shared,
  }
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Identifiers (but users themselves) that were seen with too many users. */
function sharedSubjects({ subjects, links }: IdentityGraph): Set<string> {
  const namespaceOf = new Map(subjects.map(({ subjectId, namespace }) => [subjectId, namespace]))
  const users = new Map<string, number>()
  for (const { a, b } of links) {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (namespaceOf.get(other) === 'user_id' && namespaceOf.get(one) !== 'user_id') {
        users.set(one, (users.get(one) ?? 0) + 1)
      }
    }
  }
  return new Set([...users].filter(([, count]) => count > sharedFrom).map(([subject]) => subject))
}

/** Disjoint sets with the count of each namespace and the separations of each set. */
class Forest {
  readonly #parent = new Map<string, string>()
  readonly #members = new Map<string, string[]>()
  readonly #counts = new Map<string, Map<string, number>>()
  readonly #separated: ReadonlySet<string>
  readonly #touched: ReadonlySet<string>

  constructor(graph: IdentityGraph) {
    this.#separated = new Set(graph.separated.map(([a, b]) => linkKey(a, b)))
    this.#touched = new Set(graph.separated.flat())
    for (const { subjectId, namespace } of graph.subjects) {
      this.#parent.set(subjectId, subjectId)
      this.#members.set(subjectId, [subjectId])
      this.#counts.set(subjectId, new Map([[namespace, 1]]))
    }
  }

  find(subject: string): string {
    let root = subject
    for (
      let up = this.#parent.get(root);
      up !== undefined && up !== root;
      up = this.#parent.get(root)
    )
      root = up
    for (let at = subject; at !== root;) {
      const next = this.#parent.get(at) ?? root
      this.#parent.set(at, root)
      at = next
    }
    return root
  }

  mayJoin(one: string, other: string): boolean {
    const [a, b] = [this.find(one), this.find(other)]
    if (a === b) return true
    return this.#isWithinLimits(a, b) && !this.#isSeparated(a, b)
  }

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)]
    if (a === b) return
    const [small, large] = this.#size(a) < this.#size(b) ? [a, b] : [b, a]
    this.#parent.set(small, large)
    this.#members.get(large)?.push(...(this.#members.get(small) ?? []))
    const counts = this.#counts.get(large) ?? new Map<string, number>()
    for (const [namespace, count] of this.#counts.get(small) ?? []) {
      counts.set(namespace, (counts.get(namespace) ?? 0) + count)
    }
  }

  #size(root: string): number {
    return this.#members.get(root)?.length ?? 0
  }

  #isWithinLimits(a: string, b: string): boolean {
    const other = this.#counts.get(b)
    for (const [namespace, count] of this.#counts.get(a) ?? []) {
      const more = other?.get(namespace) ?? 0
      if (more > 0 && count + more > (namespaceLimits[namespace] ?? externalLimit)) return false
    }
    return true
  }

  #isSeparated(a: string, b: string): boolean {
    const left = (this.#members.get(a) ?? []).filter((subject) => this.#touched.has(subject))
    const right = (this.#members.get(b) ?? []).filter((subject) => this.#touched.has(subject))
    return left.some((one) => right.some((other) => this.#separated.has(linkKey(one, other))))
  }
}
