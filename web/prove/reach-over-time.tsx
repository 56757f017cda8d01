import type { ReactNode } from 'react'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { groupId, groupName } from './reach-words.ts'
import type { ReachPartProps } from './reach-words.ts'

/** Everybody, or the row that was opened. */
export function ReachOverTime({ answer, search }: ReachPartProps): ReactNode {
  const { picture, compared } = answer
  const find = (of: typeof picture) =>
    of.groups.find((group) => groupId(group) === search['show-group']) ?? null
  const group = find(picture)
  const shown = group ?? picture.total
  const other = compared && (group ? find(compared.picture) : compared.picture.total)
  const unit = picture.stepDays === 1 ? 'day' : picture.stepDays === 7 ? 'week' : `${picture.stepDays} days` // prettier-ignore
  return (
    <Panel
      title={group ? `Over time: ${groupName(group)}` : 'Over time'}
      about={`People met in each ${unit}, each once, and those who fit a persona.`}
    >
      <LineChart
        label={`People met in each ${unit}.`}
        at={picture.steps}
        format={formatCount}
        series={[
          { id: 'qualified', name: 'Fit a persona', values: shown.qualifiedOverTime },
          { id: 'people', name: 'All', values: shown.peopleOverTime },
          ...(other
            ? [{ id: 'before', name: `All, ${compared.with}`, values: other.peopleOverTime.slice(0, picture.steps.length), isCompared: true }] // prettier-ignore
            : []),
        ]}
      />
    </Panel>
  )
}
