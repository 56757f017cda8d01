/** Which touches get the credit for an outcome, by every method side by side. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { AttributionMethod, AttributionPicture } from '../../src/domain/reports/attribution.ts' // prettier-ignore
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { AttributionCredit } from './attribution-credit.tsx'
import { AttributionMethods } from './attribution-methods.tsx'
import { AttributionOutcomes } from './attribution-outcomes.tsx'
import { AttributionPaths } from './attribution-paths.tsx'
import { methodWords } from './attribution-words.ts'
import { ReportFrame } from './report-frame.tsx'
import type { ReportSearch } from './report-search.ts'
import { stepOptions } from './step-text.ts'

export function AttributionPage(): ReactNode {
  return (
    <ReportFrame<AttributionPicture>
      id="attribution"
      title="Attribution"
      about="Which touches get the credit for an outcome, by every method side by side."
      controls={(search, change) => <Controls search={search} change={change} />}
    >
      {(answer, change) => <Attribution answer={answer} change={change} />}
    </ReportFrame>
  )
}

interface ControlsProps {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
}

const lookbacks = [7, 30, 60, 90, 180, 365, 730]

function Controls({ search, change }: ControlsProps): ReactNode {
  const rungs = useQuery(queries.model()).data?.model.rungs ?? []
  const usual = (name: string, value: string | undefined, standard: string): void =>
    change({ [name]: value === standard ? undefined : value, party: undefined, at: undefined })
  const outcome =
    search['outcome'] ?? (rungs.some(({ id }) => id === 'customer') ? 'rung:customer' : 'purchase')
  const lookback = search['lookback'] ?? '90'
  const days = lookbacks.includes(Number(lookback)) ? lookbacks : [...lookbacks, Number(lookback)]
  return (
    <>
      <Pick
        label="Outcome"
        options={stepOptions(rungs, { chosen: outcome })}
        value={outcome}
        onChange={(next) => usual('outcome', next, '')}
      />
      <Pick
        label="Which outcomes"
        options={[
          { value: 'first', label: 'First of each person' },
          { value: 'each', label: 'All of them' },
        ]}
        value={search['which'] ?? 'first'}
        onChange={(which) => usual('which', which, 'first')}
      />
      <Pick
        label="Look back"
        options={days.map((day) => ({ value: String(day), label: `Look back ${day} days` }))}
        value={lookback}
        onChange={(next) => usual('lookback', next, '90')}
      />
      <Pick
        label="Shared among"
        options={[
          { value: 'campaign', label: 'Channels and campaigns' },
          { value: 'channel', label: 'Channels' },
          { value: 'kind', label: 'Kinds of touchpoint' },
        ]}
        value={search['by'] ?? 'campaign'}
        onChange={(by) => usual('by', by, 'campaign')}
      />
      <Pick
        label="Touches"
        options={[
          { value: 'reach', label: 'What brings people here' },
          { value: 'all', label: 'All that they did' },
        ]}
        value={search['touches'] ?? 'reach'}
        onChange={(touches) => usual('touches', touches, 'reach')}
      />
      <Pick
        label="Method"
        options={Object.entries(methodWords).map(([value, label]) => ({
          value,
          label: value.startsWith('markov') ? `${label.replace(' ', ', order ')}` : label,
        }))}
        value={search['method'] ?? usualMethod}
        onChange={(method) => change({ method: method === usualMethod ? undefined : method })}
      />
      <Pick
        label="Intervals"
        any="Without intervals"
        options={[{ value: 'yes', label: 'With intervals' }]}
        value={search['intervals']}
        onChange={(intervals) => change({ intervals })}
      />
    </>
  )
}

const usualMethod: AttributionMethod = 'markov_2'

function Attribution(props: {
  readonly answer: ReportAnswer<AttributionPicture>
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { answer, change } = props
  const { picture } = answer
  if (picture.totals.outcomes === 0) {
    return (
      <Panel title={picture.outcome}>
        <Empty title="No such outcome in this period">
          Choose a longer period, or an outcome that comes earlier.
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <AttributionCredit answer={answer} />
      <AttributionMethods picture={picture} />
      <AttributionPaths picture={picture} />
      <AttributionOutcomes picture={picture} change={change} />
    </>
  )
}
