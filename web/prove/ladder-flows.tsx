/** Between which rungs people moved. */
import type { ReactNode } from 'react'
import type { LadderFlowsPicture } from '../../src/domain/reports/ladder-flows.ts'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Bar } from '../ui/picture.tsx'
import { Empty } from '../ui/states.tsx'
import { ReportFrame } from './report-frame.tsx'
import classes from './report.module.css'

export function LadderFlowsPage(): ReactNode {
  return (
    <ReportFrame<LadderFlowsPicture>
      id="ladder-flows"
      title="Ladder flows"
      about="Between which rungs people moved, where they entered and where they stall."
    >
      {({ picture }) => (
        <Panel title="Moves">
          {picture.flows.length === 0 ? (
            <Empty title="Nobody moved in this period" />
          ) : (
            <Flows picture={picture} />
          )}
        </Panel>
      )}
    </ReportFrame>
  )
}

function Flows({ picture }: { picture: LadderFlowsPicture }): ReactNode {
  const nameOf = new Map(picture.rungs.map(({ id, name }) => [id, name]))
  const most = Math.max(...picture.flows.map(({ moves }) => moves))
  return (
    <table className={classes['table']}>
      <tbody>
        {picture.flows.map(({ from, to, moves }) => (
          <tr key={`${from} ${to}`}>
            <th scope="row">
              {from === null ? 'Entered' : nameOf.get(from)} → {nameOf.get(to)}
            </th>
            <td style={{ width: '50%' }}>
              <Bar value={moves} of={most} />
            </td>
            <td data-number>{formatCount(moves)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
