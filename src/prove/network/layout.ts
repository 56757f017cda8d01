/**
 * Where to draw each person: every tree of the forest as rings around the one who began it, a ring a
 * generation, everybody within the wedge of the one who brought them (radial drawing: P. Eades,
 * "Drawing free trees", 1992). No forces and no chance: the same forest is the same picture, and
 * nobody covers anybody.
 *
 * A person of radius r on a ring of radius R needs a wedge of 2 asin(r / R), or what those below need
 * together. Rings grow until all wedges fit into a circle. Trees stand in rows, the largest first.
 */
import type { Forest } from './forest.ts'

export interface LayoutOptions {
  /** People drawn at most: the largest trees; of one that is too large alone, the first generations. */
  readonly most?: number
  /** Radius of who brought nobody, and of the one who brought most. */
  readonly smallest?: number
  readonly largest?: number
}

export interface Layout {
  /** Who is drawn; the other columns stand in this order. */
  readonly people: Int32Array
  readonly x: Float64Array
  readonly y: Float64Array
  readonly radius: Float64Array
  /** Everything lies within 0 .. width, 0 .. height. */
  readonly width: number
  readonly height: number
  /** People who are not drawn. */
  readonly left: number
}

export const mostPeopleDrawn = 5_000

export function layOut(
  forest: Forest,
  { most = mostPeopleDrawn, smallest = 4, largest = 16 }: LayoutOptions = {},
): Layout {
  const trees = chooseTrees(forest, most)
  const widest = Math.sqrt(Math.max(1, ...trees.map(([root]) => forest.reach[root ?? 0] ?? 0)))
  const radiusOf = (person: number): number =>
    smallest + ((largest - smallest) * Math.sqrt(forest.reach[person] ?? 0)) / widest
  const drawn = trees.map((people) => drawTree(forest, people, { radiusOf, largest }))
  const { corners, width, height } = inRows(drawn.map(({ extent }) => 2 * (extent + smallest)))
  const count = trees.reduce((sum, people) => sum + people.length, 0)
  const layout = {
    people: Int32Array.from(trees.flat()),
    ...{ x: new Float64Array(count), y: new Float64Array(count), radius: new Float64Array(count) },
  }
  let at = 0
  drawn.forEach(({ x, y, extent }, tree) => {
    const [left = 0, top = 0] = corners[tree] ?? []
    for (let i = 0; i < x.length; i++, at++) {
      layout.x[at] = left + extent + smallest + (x[i] ?? 0)
      layout.y[at] = top + extent + smallest + (y[i] ?? 0)
      layout.radius[at] = radiusOf(layout.people[at] ?? 0)
    }
  })
  return { ...layout, width, height, left: forest.parent.length - count }
}

/** People of each tree, generation by generation; people alone are not drawn. */
function chooseTrees({ parent, reach, firstChild, children }: Forest, most: number): number[][] {
  const roots: number[] = []
  parent.forEach((above, person) => {
    if (above < 0 && (reach[person] ?? 0) > 0) roots.push(person)
  })
  roots.sort((a, b) => (reach[b] ?? 0) - (reach[a] ?? 0) || a - b)
  const trees: number[][] = []
  let room = most
  for (const root of roots) {
    const size = (reach[root] ?? 0) + 1
    if (size > room && trees.length > 0) continue
    const people = [root]
    for (let i = 0; i < people.length; i++) {
      const person = people[i] ?? 0
      for (let c = firstChild[person] ?? 0; c < (firstChild[person + 1] ?? 0); c++) {
        if (people.length < room) people.push(children[c] ?? 0)
      }
    }
    trees.push(people)
    room -= people.length
    if (room < 2) break
  }
  return trees
}

interface Pen {
  readonly radiusOf: (person: number) => number
  readonly largest: number
}

function drawTree(forest: Forest, people: readonly number[], { radiusOf, largest }: Pen) {
  const place = new Map(people.map((person, i) => [person, i]))
  const above = people.map((person) => place.get(forest.parent[person] ?? -1) ?? -1)
  const depth = new Int32Array(people.length)
  above.forEach((parent, i) => (depth[i] = parent < 0 ? 0 : (depth[parent] ?? 0) + 1))
  let ring = 2.5 * largest
  let need = wedges(ring)
  // Wedges shrink about as rings grow; a few turns bring them into the circle.
  while ((need[0] ?? 0) > 2 * Math.PI) {
    ring *= (1.001 * (need[0] ?? 0)) / (2 * Math.PI)
    need = wedges(ring)
  }
  function wedges(distance: number): Float64Array {
    const below = new Float64Array(people.length)
    for (let i = people.length - 1; i >= 0; i--) {
      const own =
        i === 0 ? 0 : 2 * Math.asin((1.1 * radiusOf(people[i] ?? 0)) / ((depth[i] ?? 1) * distance))
      below[i] = Math.max(own, below[i] ?? 0)
      const parent = above[i] ?? -1
      if (parent >= 0) below[parent] = (below[parent] ?? 0) + (below[i] ?? 0)
    }
    return below
  }
  const x = new Float64Array(people.length)
  const y = new Float64Array(people.length)
  /** Where the next child's wedge of each person begins, and by how much wedges may be wider. */
  const next = new Float64Array(people.length)
  const wider = new Float64Array(people.length)
  const inner = new Float64Array(people.length)
  above.forEach((parent, i) => {
    if (parent >= 0) inner[parent] = (inner[parent] ?? 0) + (need[i] ?? 0)
  })
  wider[0] = (2 * Math.PI) / (inner[0] || 1)
  next[0] = -Math.PI / 2
  let extent = radiusOf(people[0] ?? 0)
  for (let i = 1; i < people.length; i++) {
    const parent = above[i] ?? 0
    const wedge = (need[i] ?? 0) * (wider[parent] ?? 1)
    const begin = next[parent] ?? 0
    next[parent] = begin + wedge
    next[i] = begin
    wider[i] = wedge / (inner[i] || 1)
    const distance = (depth[i] ?? 0) * ring
    x[i] = distance * Math.cos(begin + wedge / 2)
    y[i] = distance * Math.sin(begin + wedge / 2)
    extent = Math.max(extent, distance + radiusOf(people[i] ?? 0))
  }
  return { x, y, extent }
}

/** Squares of falling size in rows, about as wide as high. */
function inRows(sizes: readonly number[]) {
  const area = sizes.reduce((sum, size) => sum + size * size, 0)
  const width = Math.max(Math.sqrt(1.2 * area), ...sizes, 0)
  let [left, top, rowHeight] = [0, 0, 0]
  const corners = sizes.map((size): [number, number] => {
    if (left + size > width + 1e-9) {
      top += rowHeight
      left = 0
      rowHeight = 0
    }
    const corner: [number, number] = [left, top]
    left += size
    rowHeight = Math.max(rowHeight, size)
    return corner
  })
  return { corners, width, height: top + rowHeight }
}
