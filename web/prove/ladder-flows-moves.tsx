import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { LadderFlowsPicture } from '../../src/domain/reports/ladder-flows.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { type Band, BandLegend, type BandTone, type Node, Sankey } from '../ui/chart/sankey.tsx'
import { formatCount, formatShare, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { useReportSearch, type ReportSearch } from './report-search.ts'
import classes from './flows.module.css'

/** At the bottom of each moment but the last: who comes in before the next. */
const comesIn = 'Comes in'
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
})

/** The highest rung on top, who comes in at the bottom. */
const placesOf = ({ rungs }: LadderFlowsPicture): { id: string; name: string }[] => [
  ...rungs.toReversed(),
  { id: '', name: comesIn },
]

export function LadderSankey({ answer }: { answer: ReportAnswer<LadderFlowsPicture> }): ReactNode {
  const [search] = useReportSearch()
  const { picture, compared } = answer
  const { cuts, flows, summary } = picture
  const rank = new Map(picture.rungs.map(({ id }, index) => [id, index]))
  const names = new Map(placesOf(picture).map(({ id, name }) => [id, name]))
  const links = flows.map(({ cut, from, to, people }): Band => ({
    ...{ column: cut, from, to, value: people, tone: toneOf(rank, from, to) },
    says: `${dayAt(cuts[cut])} to ${dayAt(cuts[cut + 1])}: ${plural(people, 'person', 'people')} ${movedWords(rank, names, from, to)}.`,
  }))
  return (
    <>
      <div className={classes['above']}>
        <BandLegend />
        {compared && (
          <p className={classes['grey']}>
            <span className={classes['greyMark']} aria-hidden="true" /> {compared.with}, as large a
            group
          </p>
        )}
      </div>
      <Sankey
        label={`Of ${plural(summary.atStart, 'person', 'people')} at the start, ${formatCount(summary.rose)} stand higher at the end and ${formatCount(summary.fell)} lower; ${formatCount(summary.entered)} came in.`}
        columns={cuts.map((at, column) => ({
          title: dayAt(at),
          nodes: nodesAt(answer, column, { links, search }),
        }))}
        links={links}
        height={420}
      />
    </>
  )
}

function nodesAt(
  { picture, compared }: ReportAnswer<LadderFlowsPicture>,
  column: number,
  { links, search }: { readonly links: readonly Band[]; readonly search: ReportSearch },
): Node[] {
  const isLast = column === picture.cuts.length - 1
  const counts = countsAt(picture, column)
  const others = compared && countsAt(compared.picture, column)
  const scale = others ? totalOf(counts) / Math.max(1, totalOf(others)) : 0
  return placesOf(picture).flatMap(({ id, name }): Node[] => {
    const value = counts.get(id) ?? 0
    const isDrawn = links.some(
      (link) =>
        (link.column === column && link.from === id) ||
        (link.column === column - 1 && link.to === id),
    )
    if (!isDrawn) return []
    return [
      {
        ...{ id, name, value, says: formatCount(value) },
        ...(id === '' ? { isQuiet: true } : {}),
        ...(others ? { compared: (others.get(id) ?? 0) * scale } : {}),
        ...(isLast && id !== ''
          ? { label: <RungPeople rung={id} name={name} search={search} />} // prettier-ignore
          : {}),
      },
    ]
  })
}

/** The people who stand there now, of those who were asked about. */
function RungPeople(props: {
  readonly rung: string
  readonly name: string
  readonly search: ReportSearch
}): ReactNode {
  const { segment, persona } = props.search
  return (
    <Link to="/people" search={{ rung: props.rung, segment, persona }}>
      {props.name}
    </Link>
  )
}

/** Of the last moment those who arrive are counted, of the others those who leave from there. */
function countsAt({ flows, cuts }: LadderFlowsPicture, column: number): Map<string, number> {
  const isLast = column === cuts.length - 1
  const counts = new Map<string, number>()
  for (const { cut, from, to, people } of flows) {
    if (cut !== (isLast ? column - 1 : column)) continue
    const id = isLast ? to : from
    counts.set(id, (counts.get(id) ?? 0) + people)
  }
  return counts
}

const totalOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, people) => sum + people, 0)

const dayAt = (at: string | undefined): string =>
  at === undefined ? '' : dayFormat.format(new Date(at))

type Rank = ReadonlyMap<string, number>

function toneOf(rank: Rank, from: string, to: string): BandTone {
  if (from === to) return 'same'
  if (from === '') return 'in'
  return (rank.get(to) ?? 0) > (rank.get(from) ?? 0) ? 'up' : 'down'
}

function movedWords(
  rank: Rank,
  names: ReadonlyMap<string, string>,
  from: string,
  to: string,
): string {
  const [one, other] = [names.get(from) ?? from, names.get(to) ?? to]
  const tone = toneOf(rank, from, to)
  if (tone === 'same') return `stayed ${one}`
  if (tone === 'in') return `came in, as ${other}`
  return `${tone === 'up' ? 'rose' : 'slipped'} from ${one} to ${other}`
}

/** The same from the first moment to the last, to read exactly. */
export function LadderChange({ picture }: { picture: LadderFlowsPicture }): ReactNode {
  const ends = picture.rungs
  const at = new Map(picture.change.map(({ from, to, people }) => [`${from} ${to}`, people]))
  const rows = [{ id: '', name: 'Came in' }, ...ends].map(({ id, name }) => {
    const counts = ends.map((end) => at.get(`${id} ${end.id}`) ?? 0)
    const sum = counts.reduce((total, people) => total + people, 0)
    return {
      ...{ id, name, note: plural(sum, 'person', 'people') },
      cells: counts.map((people, index) =>
        people === 0
          ? null
          : {
              value: people / sum,
              says: formatCount(people),
              title: `${formatShare(people, sum)} of ${name} are ${ends[index]?.name ?? ''} at the end`,
            },
      ),
    }
  })
  return (
    <Panel
      title="From the start to the end"
      about="Rows: where people stood at the start. Columns: where they stand at the end. The tone is the share of the row."
    >
      <HeatTable
        label="People by rung at the start and at the end"
        corner="At the start"
        columns={ends.map(({ name }) => name)}
        rows={rows.toReversed()}
        most={1}
      />
    </Panel>
  )
}
