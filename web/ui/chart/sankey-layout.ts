/** Where nodes and bands of a Sankey picture lie. Columns from left to right, nodes as they are given. */

export interface SankeyNode {
  readonly id: string
  readonly value: number
  /** Height of what it is compared with, in the same unit as the values. */
  readonly compared?: number
}

export interface SankeyLink {
  /** From this column to the next. */
  readonly column: number
  readonly from: string
  readonly to: string
  readonly value: number
}

export interface NodePlace<Node> {
  readonly node: Node
  readonly column: number
  readonly x: number
  readonly y: number
  readonly height: number
  readonly comparedHeight: number
}

export interface LinkPlace<Link> {
  readonly link: Link
  readonly path: string
}

export interface SankeyRoom {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
}

export const nodeWidth = 10
const gap = 6
const thinnest = 1

export function layOut<Node extends SankeyNode, Link extends SankeyLink>(
  columns: readonly { readonly nodes: readonly Node[] }[],
  links: readonly Link[],
  { width, height, left, right }: SankeyRoom,
): { nodes: NodePlace<Node>[]; links: LinkPlace<Link>[] } {
  const sumOf = (nodes: readonly Node[]): number =>
    nodes.reduce((sum, { value, compared = 0 }) => sum + Math.max(value, compared), 0)
  const most = Math.max(...columns.map(({ nodes }) => sumOf(nodes)), 0)
  const widest = Math.max(...columns.map(({ nodes }) => nodes.length), 1)
  const scale = most > 0 ? (height - gap * (widest - 1)) / most : 0
  const step = columns.length > 1 ? (width - left - right - nodeWidth) / (columns.length - 1) : 0
  const nodes = columns.flatMap((column, index) => {
    let y = 0
    return column.nodes.map((node): NodePlace<Node> => {
      const tall = Math.max(thinnest, Math.max(node.value, node.compared ?? 0) * scale)
      const place = {
        ...{ node, column: index, x: left + index * step, y },
        height: Math.max(thinnest, node.value * scale),
        comparedHeight: (node.compared ?? 0) * scale,
      }
      y += tall + gap
      return place
    })
  })
  return { nodes, links: bandsOf(nodes, links, scale) }
}

function bandsOf<Node extends SankeyNode, Link extends SankeyLink>(
  nodes: readonly NodePlace<Node>[],
  links: readonly Link[],
  scale: number,
): LinkPlace<Link>[] {
  const orderOf = new Map(nodes.map((one, order) => [keyOf(one.column, one.node.id), order]))
  const at = (column: number, id: string): number => orderOf.get(keyOf(column, id)) ?? -1
  // Bands leave and arrive in the order of the nodes, so that they cross as little as can be.
  const sorted = links
    .map((link) => ({ link, from: at(link.column, link.from), to: at(link.column + 1, link.to) }))
    .filter(({ from, to }) => from >= 0 && to >= 0)
    .sort((one, other) => one.from - other.from || one.to - other.to)
  const left = new Map<number, number>()
  const entered = new Map<number, number>()
  return sorted.map(({ link, from, to }) => {
    const [start, end] = [nodes[from], nodes[to]]
    const thick = link.value * scale
    const [out, into] = [left.get(from) ?? 0, entered.get(to) ?? 0]
    left.set(from, out + thick)
    entered.set(to, into + thick)
    const ends = {
      ...{ x1: (start?.x ?? 0) + nodeWidth, y1: (start?.y ?? 0) + out },
      ...{ x2: end?.x ?? 0, y2: (end?.y ?? 0) + into },
    }
    return { link, path: bandPath(ends, Math.max(thinnest, thick)) }
  })
}

const keyOf = (column: number, id: string): string => `${column} ${id}`

function bandPath(
  { x1, y1, x2, y2 }: { x1: number; y1: number; x2: number; y2: number },
  thick: number,
): string {
  const middle = (x1 + x2) / 2
  const p = (...numbers: number[]): string => numbers.map((n) => n.toFixed(1)).join(' ')
  return [
    `M${p(x1, y1)}C${p(middle, y1, middle, y2, x2, y2)}`,
    `L${p(x2, y2 + thick)}C${p(middle, y2 + thick, middle, y1 + thick, x1, y1 + thick)}Z`,
  ].join('')
}

/** Moves labels apart, so that each has its line, and keeps them between top and bottom. */
export function spreadLabels(wanted: readonly number[], apart: number, bottom: number): number[] {
  const places: number[] = []
  for (const [index, y] of wanted.entries())
    places.push(index === 0 ? Math.max(0, y) : Math.max(y, (places[index - 1] ?? 0) + apart))
  for (let index = places.length - 1, limit = bottom; index >= 0; index--) {
    places[index] = Math.min(places[index] ?? 0, limit)
    limit = (places[index] ?? 0) - apart
  }
  return places
}
