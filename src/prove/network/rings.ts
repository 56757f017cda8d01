/**
 * Rings: people who, one after the other, are said to have brought each other. A referral programme
 * that pays for each is gamed this way, or identities were mixed up.
 *
 * Strongly connected components by Tarjan (SIAM Journal on Computing 1, 1972), without recursion, so
 * that a chain of a million people is no matter.
 */
import { checkReferrals, type Referrals } from './forest.ts'

export interface Ring {
  /** Everybody who can be reached from, and reaches, the others; rising. */
  readonly members: readonly number[]
  /** One shortest way around, from the first member; the last brought the first. */
  readonly circle: readonly number[]
}

/** The largest first. */
export function findRings(referrals: Referrals): Ring[] {
  checkReferrals(referrals)
  const edges = outgoing(referrals)
  const { component, count } = components(edges, referrals.personCount)
  const sizes = new Int32Array(count)
  for (const of of component) sizes[of] = (sizes[of] ?? 0) + 1
  const groups = new Map<number, number[]>()
  component.forEach((of, person) => {
    if (sizes[of] === 1 && !bringsSelf(edges, person)) return
    const group = groups.get(of)
    if (group) group.push(person)
    else groups.set(of, [person])
  })
  return [...groups.values()]
    .map((group) => ({ members: group, circle: circleOf(edges, group) }))
    .sort((a, b) => b.members.length - a.members.length || first(a) - first(b))
}

const first = ({ members }: Ring): number => members[0] ?? 0

interface Edges {
  readonly start: Int32Array
  readonly targets: Int32Array
}

function outgoing({ personCount, from, to }: Referrals): Edges {
  const start = new Int32Array(personCount + 1)
  for (const one of from) start[one + 1] = (start[one + 1] ?? 0) + 1
  for (let p = 0; p < personCount; p++) start[p + 1] = (start[p + 1] ?? 0) + (start[p] ?? 0)
  const place = start.slice()
  const targets = new Int32Array(from.length)
  from.forEach((one, edge) => {
    const at = place[one] ?? 0
    place[one] = at + 1
    targets[at] = to[edge] ?? 0
  })
  return { start, targets }
}

function components({ start, targets }: Edges, personCount: number) {
  const component = new Int32Array(personCount).fill(-1)
  /** When met, from 1; and the earliest met that can be come back to. */
  const met = new Int32Array(personCount)
  const low = new Int32Array(personCount)
  const place = start.slice()
  const open: number[] = []
  let [clock, count] = [0, 0]
  for (let root = 0; root < personCount; root++) {
    if (met[root]) continue
    const way = [root]
    while (way.length > 0) {
      const person = way.at(-1) ?? 0
      if (!met[person]) {
        met[person] = low[person] = ++clock
        open.push(person)
      }
      const at = place[person] ?? 0
      if (at < (start[person + 1] ?? 0)) {
        place[person] = at + 1
        const next = targets[at] ?? 0
        if (!met[next]) way.push(next)
        else if (component[next] === -1) low[person] = Math.min(low[person] ?? 0, met[next] ?? 0)
        continue
      }
      way.pop()
      const above = way.at(-1)
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[person] ?? 0)
      if (low[person] !== met[person]) continue
      let member: number
      do {
        member = open.pop() ?? person
        component[member] = count
      } while (member !== person)
      count++
    }
  }
  return { component, count }
}

function bringsSelf({ start, targets }: Edges, person: number): boolean {
  return targets.subarray(start[person], start[person + 1]).includes(person)
}

/** Breadth first from the first member until somebody brings it. */
function circleOf({ start, targets }: Edges, members: readonly number[]): number[] {
  const origin = members[0] ?? 0
  const inside = new Set(members)
  const cameFrom = new Map<number, number>([[origin, -1]])
  const queue = [origin]
  for (const person of queue) {
    for (let at = start[person] ?? 0; at < (start[person + 1] ?? 0); at++) {
      const next = targets[at] ?? 0
      if (next === origin) {
        const circle: number[] = []
        for (let one = person; one !== -1; one = cameFrom.get(one) ?? -1) circle.push(one)
        return circle.reverse()
      }
      if (!inside.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, person)
      queue.push(next)
    }
  }
  return []
}
