/**
 * Bands between columns: who was where, and where from there. Widths are in proportion to people. A
 * band is read by pointing, or with the arrow keys; the names beside the last column can be links.
 */
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import {
  layOut,
  type LinkPlace,
  type NodePlace,
  nodeWidth,
  type SankeyLink,
  type SankeyNode,
  spreadLabels,
} from './sankey-layout.ts'
import { movedBy } from './line-chart-plot.ts'
import { useWidth } from './use-width.ts'
import classes from './sankey.module.css'

export type BandTone = 'same' | 'up' | 'down' | 'in'

export interface Node extends SankeyNode {
  readonly name: string
  /** Beside the last column; by default the name. */
  readonly label?: ReactNode
  readonly says: string
  readonly isQuiet?: boolean
}

export interface Band extends SankeyLink {
  readonly tone: BandTone
  readonly says: string
}

interface SankeyProps {
  readonly label: string
  readonly columns: readonly { readonly title: string; readonly nodes: readonly Node[] }[]
  readonly links: readonly Band[]
  readonly height?: number
  /** Names between the columns need this much; on a narrower screen the picture is scrolled. */
  readonly leastWidth?: number
}

const labelRoom = 132
const narrow = 560
const top = 24
const lineHeight = 18

export function Sankey(props: SankeyProps): ReactNode {
  const { label, columns, links, height = 400, leastWidth = 0 } = props
  const [element, given] = useWidth<HTMLDivElement>()
  const width = Math.max(given, leastWidth)
  const [chosen, setChosen] = useState<number | null>(null)
  const isNarrow = width < narrow
  const room = { width, height, left: 0, right: isNarrow ? 108 : labelRoom }
  const laid = layOut(columns, links, room)
  const bySize = laid.links
    .map((_, index) => index)
    .toSorted((a, b) => (laid.links[b]?.link.value ?? 0) - (laid.links[a]?.link.value ?? 0))
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = movedBy(event.key, chosen === null ? -1 : bySize.indexOf(chosen), links.length - 1)
    if (next === null) return
    event.preventDefault()
    setChosen(bySize[next] ?? null)
  }
  const read = chosen === null ? undefined : laid.links[chosen]?.link
  return (
    <div className={classes['sankey']} ref={element}>
      <div className={classes['scroll']}>
        <div className={classes['frame']} style={{ width }}>
          <svg
            width={width}
            height={height + top}
            role="img"
            aria-label={`${label} Arrow keys read the bands, the widest first.`}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onBlur={() => setChosen(null)}
            onPointerLeave={() => setChosen(null)}
          >
            <Titles {...{ columns, laid: laid.nodes, isNarrow }} />
            <g transform={`translate(0 ${top})`}>
              <Bands {...{ laid: laid.links, chosen, setChosen }} />
              <Nodes laid={laid.nodes} last={columns.length - 1} isNarrow={isNarrow} />
            </g>
          </svg>
          <Labels {...{ laid: laid.nodes, last: columns.length - 1, height, width: room.right }} />
        </div>
      </div>
      <p className={classes['reading']} aria-live="polite">
        {read?.says ?? ' '}
      </p>
    </div>
  )
}

function Titles(props: {
  readonly columns: SankeyProps['columns']
  readonly laid: readonly NodePlace<Node>[]
  readonly isNarrow: boolean
}): ReactNode {
  const { columns, laid, isNarrow } = props
  const last = columns.length - 1
  return columns.map(({ title }, column) => {
    const x = laid.find((one) => one.column === column)?.x
    if (x === undefined || (isNarrow && column !== 0 && column !== last)) return null
    const isLast = column === last && column > 0
    return (
      <text
        key={column}
        className={classes['title']}
        x={isLast ? x + nodeWidth : x}
        y={12}
        data-last={isLast || undefined}
      >
        {title}
      </text>
    )
  })
}

function Bands(props: {
  readonly laid: readonly LinkPlace<Band>[]
  readonly chosen: number | null
  readonly setChosen: (chosen: number) => void
}): ReactNode {
  return (
    <g data-reading={props.chosen !== null || undefined} className={classes['bands']}>
      {props.laid.map(({ link, path }, index) => (
        <path
          key={`${link.column} ${link.from} ${link.to}`}
          d={path}
          className={classes['band']}
          data-tone={link.tone}
          data-chosen={props.chosen === index || undefined}
          onPointerEnter={() => props.setChosen(index)}
          onPointerDown={() => props.setChosen(index)}
        />
      ))}
    </g>
  )
}

function Nodes(props: {
  readonly laid: readonly NodePlace<Node>[]
  readonly last: number
  readonly isNarrow: boolean
}): ReactNode {
  return props.laid.map(({ node, column, x, y, height, comparedHeight }) => (
    <g key={`${column} ${node.id}`}>
      {comparedHeight > 0 && (
        <rect
          className={classes['compared']}
          x={x + nodeWidth}
          y={y}
          width={4}
          height={comparedHeight}
        />
      )}
      <rect
        className={classes['node']}
        data-quiet={node.isQuiet || undefined}
        x={x}
        y={y}
        width={nodeWidth}
        height={height}
        rx={2}
      />
      {column < props.last && !props.isNarrow && height >= 14 && (
        <text className={classes['inner']} x={x + nodeWidth + 8} y={y + height / 2 + 4}>
          {node.name} {node.says}
        </text>
      )}
    </g>
  ))
}

function Labels(props: {
  readonly laid: readonly NodePlace<Node>[]
  readonly last: number
  readonly height: number
  readonly width: number
}): ReactNode {
  const shown = props.laid.filter(({ column }) => column === props.last)
  const places = spreadLabels(
    shown.map(({ y, height }) => y + height / 2 - lineHeight / 2),
    lineHeight,
    props.height - lineHeight,
  )
  return (
    <ul className={classes['labels']} style={{ width: props.width - 8 }}>
      {shown.map(({ node }, index) => (
        <li key={node.id} style={{ top: top + (places[index] ?? 0) }}>
          <span className={classes['labelName']}>{node.label ?? node.name}</span>
          <span className={classes['labelValue']}>{node.says}</span>
        </li>
      ))}
    </ul>
  )
}

const legend: readonly [BandTone, string, string][] = [
  ['up', '▲', 'Rose'],
  ['same', '=', 'Stayed'],
  ['down', '▼', 'Slipped'],
  ['in', '+', 'Came in'],
]

export function BandLegend(): ReactNode {
  return (
    <ul className={classes['legend']} aria-label="What the colours mean">
      {legend.map(([tone, sign, name]) => (
        <li key={tone}>
          <span className={classes['swatch']} data-tone={tone} aria-hidden="true">
            {sign}
          </span>
          {name}
        </li>
      ))}
    </ul>
  )
}
