/** Which steps made the difference: how many times as common among those who came there. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { LiftPlot, type LiftRow } from '../ui/chart/lift-plot.tsx'
import { formatCount, formatFixed, formatShare } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { useReportSearch } from './report-search.ts'
import { StepChain } from './step-chain.tsx'
import { stepName, stepNames } from './paths-words.ts'
import classes from './flows.module.css'

type Difference = PathsPicture['differences'][number]

/** q below it is sure enough to be shown as such. */
const sure = 0.05
const most = 12

export function PathsDifferences({ answer }: { answer: ReportAnswer<PathsPicture> }): ReactNode {
  const [search] = useReportSearch()
  const { picture } = answer
  const single = picture.differences.filter(({ steps }) => steps.length === 1)
  const pairs = picture.differences.filter(({ steps }) => steps.length === 2)
  return (
    <Panel
      title="Which steps made the difference"
      about="How many times as common a step is among those who came there, compared with others observed equally long. Association, not proof: it says where to try."
    >
      {single.length === 0 ? (
        <Empty title="Too few people to compare">
          Choose a longer period or an outcome that more people reach.
        </Empty>
      ) : (
        <>
          <LiftPlot label="Lift of each step" rows={rowsOf(single, answer)} />
          {pairs.length > 0 && (
            <>
              <h3 className={classes['hint']}>Two steps in this order</h3>
              <LiftPlot label="Lift of pairs of steps" rows={rowsOf(pairs, answer)} />
            </>
          )}
          <p className={classes['hint']}>
            Filled: sure even though {formatCount(picture.compared.questions)} questions were asked
            at once (q below 5 %). Hollow: may be chance. Lines: 95 % intervals.
            {picture.by !== 'series' && (
              <>
                {' '}
                <Link
                  to="/reports/$reportId"
                  params={{ reportId: 'paths' }}
                  search={{ ...search, by: 'series' }}
                  className={classes['link']}
                >
                  Which content made the difference?
                </Link>
              </>
            )}
          </p>
        </>
      )}
    </Panel>
  )
}

/** The surest ones, shown from the most to the least common among those who came there. */
function rowsOf(
  differences: readonly Difference[],
  { picture, compared }: ReportAnswer<PathsPicture>,
): LiftRow[] {
  const before = new Map(
    compared?.picture.differences.map((one) => [JSON.stringify(one.steps), one.lift.value]),
  )
  return differences
    .slice(0, most)
    .toSorted((one, other) => other.lift.value - one.lift.value)
    .map((one) => {
      const [reached, others] = [picture.compared.reached, picture.compared.others]
      const other = before.get(JSON.stringify(one.steps))
      return {
        id: JSON.stringify(one.steps),
        name: <StepChain steps={one.steps.map((step) => stepName(step, picture.by))} />,
        lift: one.lift,
        isSure: one.q < sure,
        says: `${formatFixed(one.lift.value, one.lift.value < 2 ? 2 : one.lift.value < 10 ? 1 : 0)}×`,
        note: `${formatShare(one.reached, reached)} against ${formatShare(one.others, others)}`,
        title: `${stepNames(one.steps, picture.by)}: ${formatCount(one.reached)} of ${formatCount(reached)} who came there, ${formatCount(one.others)} of ${formatCount(others)} who did not; ${formatFixed(one.lift.low, 2)} to ${formatFixed(one.lift.high, 2)}, q ${one.q < 0.001 ? 'below 0.001' : formatFixed(one.q, 3)}`,
        ...(other === undefined ? {} : { compared: other }),
      }
    })
}
