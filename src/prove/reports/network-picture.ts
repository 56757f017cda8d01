/** What the forest of those who brought each other shows. */
import { layOut } from '../network/layout.ts'
import { pageRank } from '../network/page-rank.ts'
import { kFactorOfGroups, type MemberGroup } from '../network/k-factor.ts'
import { seededRandom } from '../../math/random.ts'
import type { Forest } from '../network/forest.ts'
import type { Known, Read } from './network-queries.ts'
import type { NetworkPeople } from './network-people.ts'
import type { NetworkPicture } from '../../domain/reports/network.ts'
import type { TimeSteps } from './time-steps.ts'

export interface Planted {
  readonly people: NetworkPeople
  readonly forest: Forest
  readonly known: ReadonlyMap<string, Known>
  /** When each came first, in milliseconds since 1970. */
  readonly arrivals: ReadonlyMap<string, number>
}

const leadersShown = 500
const dayLength = 86_400_000

export const childCount = ({ firstChild }: Forest, person: number): number =>
  (firstChild[person + 1] ?? 0) - (firstChild[person] ?? 0)

/** In a tree at all: brought by somebody, or brought somebody. */
export const isPlanted = (forest: Forest, person: number): boolean =>
  (forest.parent[person] ?? -1) >= 0 || childCount(forest, person) > 0

export function generationsOf({ people, forest }: Planted): NetworkPicture['generations'] {
  const generations: NetworkPicture['generations'] = []
  for (const person of forest.order) {
    if (!isPlanted(forest, person)) continue
    const generation = forest.generation[person] ?? 0
    const valueMinor = generation === 0 ? null : 0
    const row = (generations[generation] ??= { generation, people: 0, valueMinor })
    row.people++
    if (row.valueMinor !== null) row.valueMinor += people.valueMinor[person] ?? 0
  }
  return generations
}

/** Those brought, in steps of the period; of everybody else who came first, generation 0. */
export function growthOf(
  { people, forest, arrivals }: Planted,
  steps: TimeSteps,
  { from, everybody }: { from: number; everybody: Read['arrivals'] },
): NetworkPicture['growth'] {
  const empty = (): number[] => steps.at.map(() => 0)
  const lines = [empty()]
  for (const { step, people: count } of everybody) add(lines, 0, step, count)
  people.parties.forEach((party, person) => {
    const generation = forest.generation[person] ?? 0
    const step = Math.floor(((arrivals.get(party) ?? 0) - from) / (steps.days * dayLength))
    if (generation === 0 || step < 0 || step >= steps.at.length) return
    for (let line = lines.length; line <= Math.min(generation, 4); line++) lines.push(empty())
    add(lines, Math.min(generation, 4), step, 1)
    add(lines, 0, step, -1)
  })
  const names = ['Came by themselves', 'Generation 1', 'Generation 2', 'Generation 3', 'Later']
  return {
    at: [...steps.at],
    days: steps.days,
    generations: lines.map((line, i) => ({ name: names[i] ?? '', people: line })),
  }
}

function add(lines: number[][], line: number, step: number, count: number): void {
  const row = lines[line]
  if (row?.[step] !== undefined) row[step] += count
}

export function leadersOf({ people, forest, known }: Planted): NetworkPicture['leaders'] {
  const size = people.parties.length
  // Turned round: from who was brought to who brought them.
  const edges = [...forest.parent.entries()].filter(([, above]) => above >= 0)
  const rank = pageRank({
    nodeCount: size,
    from: Int32Array.from(edges, ([person]) => person),
    to: Int32Array.from(edges, ([, above]) => above),
  })
  const depth = new Int32Array(size)
  for (const person of forest.order.toReversed()) {
    const above = forest.parent[person] ?? -1
    if (above >= 0) depth[above] = Math.max(depth[above] ?? 0, (depth[person] ?? 0) + 1)
  }
  return [...people.parties.keys()]
    .filter((person) => childCount(forest, person) > 0)
    .toSorted(
      (a, b) =>
        (forest.reachValue[b] ?? 0) - (forest.reachValue[a] ?? 0) ||
        (forest.reach[b] ?? 0) - (forest.reach[a] ?? 0) ||
        a - b,
    )
    .slice(0, leadersShown)
    .map((person) => {
      const id = people.parties[person] ?? ''
      return {
        id,
        name: known.get(id)?.name ?? '',
        rung: known.get(id)?.rung ?? '',
        brought: childCount(forest, person),
        reach: forest.reach[person] ?? 0,
        depth: depth[person] ?? 0,
        valueMinor: forest.reachValue[person] ?? 0,
        standing: (rank[person] ?? 0) * size,
      }
    })
}

export function drawingOf({ people, forest, known, arrivals }: Planted): NetworkPicture['drawing'] {
  const layout = layOut(forest)
  const places = new Map([...layout.people].map((person, place) => [person, place]))
  const column = <T>(read: (person: number, id: string) => T): T[] =>
    Array.from(layout.people, (person) => read(person, people.parties[person] ?? ''))
  const round = (values: Float64Array): number[] =>
    Array.from(values, (value) => Math.round(value * 10) / 10)
  return {
    width: layout.width,
    height: layout.height,
    left: people.parties.filter((_, person) => isPlanted(forest, person)).length - places.size,
    ids: column((_, id) => id),
    names: column((_, id) => known.get(id)?.name ?? ''),
    rungs: column((_, id) => known.get(id)?.rung ?? ''),
    x: round(layout.x),
    y: round(layout.y),
    radius: round(layout.radius),
    parent: column((person) => places.get(forest.parent[person] ?? -1) ?? -1),
    generation: column((person) => forest.generation[person] ?? 0),
    brought: column((person) => childCount(forest, person)),
    reach: column((person) => forest.reach[person] ?? 0),
    valueMinor: column((person) => forest.reachValue[person] ?? 0),
    day: column((_, id) => Math.floor((arrivals.get(id) ?? 0) / dayLength)),
  }
}

/**
 * Of those who were active in the period: what they sent in it, and whom they brought in it. Who was
 * brought was invited, even where only the code was passed on.
 */
export function kFactorOf(
  { people, forest, arrivals }: Planted,
  { active, networked, inviters }: Pick<Read, 'active' | 'networked' | 'inviters'>,
  from: number,
): NetworkPicture['kFactor'] {
  const sent = new Map(
    networked.flatMap(({ party, invites }) => (invites > 0 ? [[party, invites] as const] : [])),
  )
  const brought = new Map<string, number>()
  people.parties.forEach((party, person) => {
    const above = people.parties[forest.parent[person] ?? -1]
    if (above === undefined || (arrivals.get(party) ?? 0) < from) return
    brought.set(above, (brought.get(above) ?? 0) + 1)
  })
  const busy = new Set([...sent.keys(), ...brought.keys()])
  const members = busy.size + inviters.reduce((total, one) => total + one.people, 0)
  const groups = new Map<string, MemberGroup>()
  const put = (invitations: number, accepted: number, count: number): void => {
    const key = `${invitations} ${accepted}`
    const before = groups.get(key)?.members ?? 0
    groups.set(key, { invitations, accepted, members: before + count })
  }
  for (const party of busy) {
    const accepted = brought.get(party) ?? 0
    put(Math.max(sent.get(party) ?? 0, accepted), accepted, 1)
  }
  for (const { invites, people: count } of inviters) put(invites, 0, count)
  put(0, 0, Math.max(0, active - members))
  // Chance falls on groups in their order, which must not depend on that of rows in the lens.
  const ordered = [...groups.values()].toSorted(
    (one, other) => other.invitations - one.invitations || other.accepted - one.accepted,
  )
  const found = kFactorOfGroups(ordered, { random: seededRandom('k-factor') })
  if (found === null) return null
  const sum = (of: (group: MemberGroup) => number): number =>
    [...groups.values()].reduce((total, group) => total + group.members * of(group), 0)
  return {
    k: found.k,
    invitationsPerMember: found.invitationsPerMember,
    conversion: found.conversion,
    members: Math.max(active, members),
    invitations: sum(({ invitations }) => invitations),
    newcomers: sum(({ accepted }) => accepted),
  }
}
