/** How many people took each step, how long it took, and where the others went. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { FunnelPicture } from '../../src/domain/reports/funnel.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { FunnelGroups, FunnelPeople } from './funnel-groups.tsx'
import { FunnelSteps } from './funnel-steps.tsx'
import { ReportFrame } from './report-frame.tsx'
import type { ReportSearch } from './report-search.ts'
import { StepEditor } from './step-editor.tsx'
import { readSteps, writeSteps } from './step-text.ts'
import classes from './conversion.module.css'

export function FunnelPage(): ReactNode {
  return (
    <ReportFrame<FunnelPicture>
      id="funnel"
      title="Funnel"
      about="How many people took each step, how long it took them, and where the others went."
      controls={(search, change, answer) => (
        <Controls search={search} change={change} answer={answer} />
      )}
    >
      {(answer, change) => <Funnel answer={answer} change={change} />}
    </ReportFrame>
  )
}

interface ControlsProps {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
  readonly answer: ReportAnswer<FunnelPicture> | undefined
}

const windows = [1, 7, 14, 30, 60, 90, 180, 365]

function Controls({ search, change, answer }: ControlsProps): ReactNode {
  const rungs = useQuery(queries.model()).data?.model.rungs ?? []
  const steps = answer?.picture.steps.map(({ text }) => text).join(',') ?? search['steps'] ?? ''
  const window = search['window'] ?? '30'
  const days = windows.includes(Number(window)) ? windows : [...windows, Number(window)]
  return (
    <>
      <Pick
        label="Within"
        options={days.map((day) => ({
          value: String(day),
          label: `Within ${day} ${day === 1 ? 'day' : 'days'}`,
        }))}
        value={window}
        onChange={(next) => change({ window: next, dropped: undefined })}
      />
      <Pick
        label="Order"
        options={[
          { value: 'strict', label: 'In this order' },
          { value: 'any', label: 'In any order' },
        ]}
        value={search['order'] ?? 'strict'}
        onChange={(order) => change({ order: order === 'any' ? order : undefined })}
      />
      <Pick
        label="Broken down by"
        any="Not broken down"
        options={[
          { value: 'channel', label: 'By first channel' },
          { value: 'campaign', label: 'By first campaign' },
          { value: 'persona', label: 'By persona' },
          { value: 'trait', label: 'By a trait' },
        ]}
        value={search['by']}
        onChange={(by) => change({ by, trait: by === 'trait' ? (search['trait'] ?? 'plan') : undefined })} // prettier-ignore
      />
      {search['by'] === 'trait' && (
        <input
          className={classes['trait']}
          aria-label="Name of the trait"
          defaultValue={search['trait'] ?? 'plan'}
          onBlur={({ currentTarget }) => change({ trait: currentTarget.value || 'plan' })}
        />
      )}
      {steps !== '' && (
        <details className={classes['editor']}>
          <summary>Choose the steps</summary>
          <StepEditor
            steps={readSteps(steps)}
            rungs={rungs}
            onChange={(next) => change({ steps: writeSteps(next), dropped: undefined })}
          />
        </details>
      )}
    </>
  )
}

function Funnel(props: {
  readonly answer: ReportAnswer<FunnelPicture>
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { answer, change } = props
  const { picture } = answer
  const [first] = picture.steps
  return (
    <>
      <Panel
        title="How far people came"
        about={
          picture.order === 'strict'
            ? 'Each step after the one before it, with anything between. Bars are of those who took the first step; lines are 95 % intervals.'
            : 'The first so many steps, in any order. Lines are 95 % intervals.'
        }
      >
        {first === undefined || first.people === 0 ? (
          <Empty title="Nobody took the first step in this period">
            Choose a longer period, or another first step under “Choose the steps”.
          </Empty>
        ) : (
          <FunnelSteps answer={answer} change={change} />
        )}
      </Panel>
      {picture.people && <FunnelPeople picture={picture} change={change} />}
      {picture.by !== null && <FunnelGroups picture={picture} />}
    </>
  )
}
