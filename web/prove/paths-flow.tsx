/** The flow of the last steps before the outcome. */
import type { ReactNode } from 'react'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { type Band, type Node, Sankey } from '../ui/chart/sankey.tsx'
import { formatCount, formatShare, plural } from '../ui/number.ts'
import { stepName } from './paths-words.ts'
import classes from './flows.module.css'

/** A column takes so many pixels at least, so that its names can be read. */
const leastColumn = 172

export function PathsFlow({ answer }: { answer: ReportAnswer<PathsPicture> }): ReactNode {
  const { picture } = answer
  const { flow, by, compared } = picture
  const other = answer.compared
  const scale = other ? compared.reached / Math.max(1, other.picture.compared.reached) : 0
  const nameOf = (id: string): string =>
    id === '(other)' ? 'Other' : id === '(begin)' ? 'Begins here' : stepName(id, by)
  const last = flow.columns.length
  const columns = [
    ...flow.columns.map((column, index) => ({
      title: index === last - 1 ? 'Last step' : `${last - index} before`,
      nodes: column.map(({ id, people }): Node => {
        const before = other?.picture.flow.columns[index]?.find((one) => one.id === id)?.people
        return {
          ...{ id, name: nameOf(id), value: people, says: formatCount(people) },
          ...(id === '(other)' ? { isQuiet: true } : {}),
          ...(other ? { compared: (before ?? 0) * scale } : {}),
        }
      }),
    })),
    {
      title: '',
      nodes: [
        {
          ...{ id: 'outcome', name: picture.outcome.name, value: compared.reached },
          says: formatCount(compared.reached),
        },
      ],
    },
  ]
  const says = (people: number, from: string, to: string): string =>
    `${plural(people, 'person', 'people')} (${formatShare(people, compared.reached)}): ${from} → ${to}`
  const links: Band[] = [
    ...flow.links
      .filter(({ from }) => from !== '(begin)')
      .map(({ column, from, to, people }): Band => ({
        ...{ column, from, to, value: people, tone: 'same' },
        says: says(people, nameOf(from), nameOf(to)),
      })),
    ...(flow.columns.at(-1) ?? []).map(({ id, people }): Band => ({
      ...{ column: last - 1, from: id, to: 'outcome', value: people, tone: 'in' },
      says: says(people, nameOf(id), picture.outcome.name),
    })),
  ]
  return (
    <div className={classes['above']}>
      {other && (
        <p className={classes['grey']}>
          <span className={classes['greyMark']} aria-hidden="true" /> {other.with}, as large a group
        </p>
      )}
      <Sankey
        label={`The last steps of ${plural(compared.reached, 'person', 'people')} before: ${picture.outcome.name}.`}
        columns={columns}
        links={links}
        height={360}
        leastWidth={(last + 1) * leastColumn}
      />
    </div>
  )
}
