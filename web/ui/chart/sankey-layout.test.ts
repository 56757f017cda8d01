import { expect, test } from 'vitest'
import { layOut, nodeWidth, spreadLabels } from './sankey-layout.ts'

const columns = [
  { nodes: [{ id: 'a', value: 30 }, { id: 'b', value: 70 }] },
  { nodes: [{ id: 'a', value: 60 }, { id: 'b', value: 40 }] },
] // prettier-ignore
const links = [
  { column: 0, from: 'a', to: 'a', value: 20 },
  { column: 0, from: 'a', to: 'b', value: 10 },
  { column: 0, from: 'b', to: 'a', value: 40 },
  { column: 0, from: 'b', to: 'b', value: 30 },
]
const room = { width: 210, height: 106, left: 0, right: 0 }

test('heights are in proportion, and columns reach from edge to edge', () => {
  const { nodes } = layOut(columns, links, room)
  expect(nodes.map(({ height }) => height)).toEqual([30, 70, 60, 40])
  expect(nodes.map(({ y }) => y)).toEqual([0, 36, 0, 66])
  expect(nodes.map(({ x }) => x)).toEqual([0, 0, 200, 200])
})

test('bands of a node lie below each other, and nowhere else', () => {
  const { links: bands } = layOut(columns, links, room)
  const starts = bands.map(({ path }) =>
    path
      .match(/^M(\S+) (\S+?)C/)
      ?.slice(1)
      .map(Number),
  )
  expect(starts).toEqual([
    [nodeWidth, 0],
    [nodeWidth, 20],
    [nodeWidth, 36],
    [nodeWidth, 76],
  ])
})

test('a band to a node that is not there is left out', () => {
  expect(layOut(columns, [{ column: 0, from: 'a', to: 'gone', value: 1 }], room).links).toEqual([])
  expect(layOut([], [], room)).toEqual({ nodes: [], links: [] })
})

test('labels keep apart and within', () => {
  expect(spreadLabels([0, 2, 50], 16, 100)).toEqual([0, 16, 50])
  expect(spreadLabels([90, 95, 99], 16, 100)).toEqual([68, 84, 100])
})
