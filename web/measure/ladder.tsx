/**
 * The ladder, one of the four pictures that recur: rungs from the highest down, how many stand on
 * each, who moved. On a person's page the same ladder shows where this one person stands.
 */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { LadderView } from '../../src/domain/ladder-view.ts'
import { formatCount, formatShare } from '../ui/number.ts'
import { TrendLine } from '../ui/picture.tsx'
import classes from './ladder.module.css'

type LadderRung = LadderView['rungs'][number]

export function Ladder({ ladder }: { ladder: LadderView }): ReactNode {
  const most = Math.max(1, ...ladder.rungs.map((rung) => rung.count))
  return (
    <table className={classes['ladder']}>
      <caption className="visually-hidden">
        How many people stand on each rung, and who moved in the last {ladder.days} days
      </caption>
      <thead>
        <tr>
          <th scope="col">Rung</th>
          <td aria-hidden="true" />
          <th scope="col" className={classes['number']}>
            People
          </th>
          <th scope="col" className={classes['trendColumn']}>
            Trend
          </th>
          <th scope="col" className={classes['number']} title="Rose to this rung">
            Rose
          </th>
          <th scope="col" className={classes['number']} title="Slipped from this rung">
            Slipped
          </th>
        </tr>
      </thead>
      <tbody>
        {ladder.rungs.toReversed().map((rung) => (
          <LadderRow key={rung.id} rung={rung} most={most} ladder={ladder} />
        ))}
      </tbody>
    </table>
  )
}

function LadderRow(props: { rung: LadderRung; most: number; ladder: LadderView }): ReactNode {
  const { rung, most, ladder } = props
  const history = ladder.history.map((day) => day.counts[rung.id] ?? 0)
  return (
    <tr className={classes['rung']}>
      <th scope="row" className={classes['name']}>
        <Link to="/people" search={{ rung: rung.id }} title={rung.meaning}>
          {rung.name}
        </Link>
      </th>
      <td className={classes['bar']} aria-hidden="true">
        <span className={classes['track']}>
          <span
            className={classes['fill']}
            style={{ width: rung.count === 0 ? 0 : `max(3px, ${(rung.count / most) * 100}%)` }}
          />
        </span>
      </td>
      <td className={classes['number']}>
        <span title={`${formatShare(rung.count, ladder.total)} of all`}>
          {formatCount(rung.count)}
        </span>
      </td>
      <td className={classes['trendColumn']}>
        <TrendLine
          label={`From ${history[0] ?? 0} to ${history.at(-1) ?? 0} in ${ladder.days} days`}
          values={history}
        />
      </td>
      <td className={classes['number']} data-quiet={rung.rose === 0 || undefined}>
        <Moved count={rung.rose} sign="▲" />
      </td>
      <td className={classes['number']} data-quiet={rung.slipped === 0 || undefined}>
        <Moved count={rung.slipped} sign="▼" />
      </td>
    </tr>
  )
}

function Moved({ count, sign }: { count: number; sign: '▲' | '▼' }): ReactNode {
  if (count === 0) return <span aria-label="none">–</span>
  return (
    <span className={sign === '▲' ? classes['rose'] : classes['slipped']}>
      <span aria-hidden="true">{sign}</span> {formatCount(count)}
    </span>
  )
}

/** Where one party stands: the same ladder, one rung lit. */
export function LadderPosition(props: {
  readonly rungs: readonly { id: string; name: string; meaning: string }[]
  readonly current: string
  readonly note: ReactNode
}): ReactNode {
  const at = props.rungs.findIndex((rung) => rung.id === props.current)
  return (
    <ol className={classes['position']} aria-label="The ladder, highest rung first">
      {props.rungs
        .map((rung, index) => (
          <li
            key={rung.id}
            className={classes['step']}
            data-where={index === at ? 'here' : index < at ? 'below' : 'above'}
            aria-current={index === at ? 'step' : undefined}
            title={rung.meaning}
          >
            <span className={classes['rails']} aria-hidden="true">
              <span className={classes['crossbar']} />
            </span>
            <span className={classes['stepName']}>{rung.name}</span>
            {index === at && <span className={classes['stepNote']}>{props.note}</span>}
          </li>
        ))
        .toReversed()}
    </ol>
  )
}
