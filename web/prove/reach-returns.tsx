/** The n-th time: of those who came once, how many came a second, third, ... time. */
import type { ReactNode } from 'react'
import type { ReturnCurve } from '../../src/domain/reports/reach.ts'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { words } from '../domain/words.ts'
import { percent } from './reach-words.ts'
import type { ReachPartProps } from './reach-words.ts'

export function ReachReturns({ answer, search, change }: ReachPartProps): ReactNode {
  const { withinDays, curves } = answer.picture.returns
  const of = (id: string): ReturnCurve | undefined => curves.find((curve) => curve.id === id)
  const chosen = of(search['show-curve'] ?? '')
  const pair = chosen ? [chosen, of('everyone')] : [of('qualified'), of('others')]
  const shown = pair.flatMap((curve) => (curve && curve.people > 0 ? [curve] : []))
  const before = answer.compared?.picture.returns.curves.find(({ id }) => id === shown[0]?.id)
  const longest = shown[0]?.times.length ?? 0
  return (
    <Panel
      title="Who came again"
      about={`Share of those who came once that came on a second, third, … day within ${withinDays} days. Bands are 95 % intervals.`}
      actions={
        <Pick
          label="Whose coming again"
          any="Fits a persona, and not"
          options={curves
            .filter(({ id }) => !['everyone', 'qualified', 'others'].includes(id))
            .map((curve) => ({ value: curve.id, label: curveName(curve) }))}
          value={search['show-curve']}
          onChange={(curve) => change({ 'show-curve': curve })}
        />
      }
    >
      {shown.length === 0 ? (
        <Empty title="Nobody was watched for long enough">
          Choose a period that began more than {withinDays} days before it ends.
        </Empty>
      ) : (
        <LineChart
          label="Share that came again, by how many days they came."
          at={Array.from({ length: longest }, (_, index) => String(index + 1))}
          format={percent}
          formatAt={(time, isExact) => (isExact ? `On at least ${time} days` : time)}
          series={[
            ...shown.map((curve) => ({
              id: curve.id,
              name: `${curveName(curve)} (${formatCount(curve.people)})`,
              values: curve.times.map(({ share }) => share.value),
              low: curve.times.map(({ share }) => share.low),
              high: curve.times.map(({ share }) => share.high),
            })),
            ...(before && answer.compared
              ? [
                  {
                    id: 'before',
                    name: `${curveName(before)}, ${answer.compared.with}`,
                    values: before.times.map(({ share }) => share.value),
                    isCompared: true,
                  },
                ]
              : []),
          ]}
        />
      )}
    </Panel>
  )
}

const curveName = ({ id, name }: ReturnCurve): string =>
  id.startsWith('channel:') ? words(name) : name
