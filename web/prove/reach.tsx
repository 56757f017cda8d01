/** Reach: raw against qualified, who came again, what moved people up. */
import type { ReactNode } from 'react'
import type { ReachPicture } from '../../src/domain/reports/reach.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { ReachContent } from './reach-content.tsx'
import { ReachGroups } from './reach-groups.tsx'
import { ReachOverTime } from './reach-over-time.tsx'
import { ReachReturns } from './reach-returns.tsx'
import { ReportFrame } from './report-frame.tsx'
import { useReportSearch } from './report-search.ts'
import type { ReachPartProps } from './reach-words.ts'

export function ReachPage(): ReactNode {
  return (
    <ReportFrame<ReachPicture>
      id="reach"
      title="Reach and what it brought"
      about="How many we met and how many of the right ones, who came again, what moved them up."
      controls={(search, change) => <Controls search={search} change={change} />}
    >
      {(answer) => <Reach answer={answer} />}
    </ReportFrame>
  )
}

function Controls({ search, change }: Omit<ReachPartProps, 'answer'>): ReactNode {
  return (
    <>
      <Pick
        label="Broken down by"
        options={[
          { value: 'came', label: 'By how they came' },
          { value: 'channel', label: 'By channel where we met' },
          { value: 'campaign', label: 'By campaign where we met' },
        ]}
        value={search['by'] ?? 'came'}
        onChange={(by) => change({ by: by === 'came' ? undefined : by, 'show-group': undefined })}
      />
      <Pick
        label="Order"
        options={[
          { value: 'people', label: 'Most people first' },
          { value: 'visits', label: 'Most visits first' },
          { value: 'qualified', label: 'Best fit first' },
          { value: 'customers', label: 'Most customers per person first' },
        ]}
        value={search['show-order'] ?? 'people'}
        onChange={(order) => change({ 'show-order': order === 'people' ? undefined : order })}
      />
    </>
  )
}

function Reach({ answer }: Pick<ReachPartProps, 'answer'>): ReactNode {
  const [search, change] = useReportSearch()
  const props = { answer, search, change }
  const { picture } = answer
  if (picture.total.people === 0) {
    return (
      <Panel title="Reach">
        <Empty title="Nobody was met in this period">
          <p>Choose a longer period, or send visits, letters and posts as events.</p>
          <LinkButton to="/sources">Connect a source</LinkButton>
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <ReachGroups {...props} />
      <ReachOverTime {...props} />
      <ReachReturns {...props} />
      <ReachContent {...props} />
    </>
  )
}
