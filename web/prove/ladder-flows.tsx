/** Ladder flows: who moved between which rungs, how long people stay, where they enter and stall. */
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { LadderFlowsPicture } from '../../src/domain/reports/ladder-flows.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount, formatShare } from '../ui/number.ts'
import { Columns, Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { LadderChange, LadderSankey } from './ladder-flows-moves.tsx'
import { LadderEntries } from './ladder-flows-entries.tsx'
import { ChosenRung, LadderStalls, LadderStays } from './ladder-flows-stays.tsx'
import { ReportFrame } from './report-frame.tsx'
import type { ReportSearch } from './report-search.ts'

type Answer = ReportAnswer<LadderFlowsPicture>

export function LadderFlowsPage(): ReactNode {
  return (
    <ReportFrame<LadderFlowsPicture>
      id="ladder-flows"
      title="Ladder flows"
      about="Who moved between which rungs, how long people stay, where they enter and stall."
      controls={(search, change) => <Controls search={search} change={change} />}
    >
      {(answer, change) => <Flows answer={answer} change={change} />}
    </ReportFrame>
  )
}

function Controls(props: {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { search, change } = props
  const personas = useQuery(queries.model()).data?.model.personas ?? []
  return (
    <>
      {personas.length > 0 && (
        <Pick
          label="Persona"
          any="All personas"
          options={personas.map(({ id, name }) => ({ value: id, label: name }))}
          value={search['persona']}
          onChange={(persona) => change({ persona })}
        />
      )}
      <Pick
        label="Moments"
        options={[2, 3, 4, 5, 6].map((count) => ({
          value: String(count),
          label: `${count} moments`,
        }))}
        value={search['columns'] ?? '4'}
        onChange={(columns) => change({ columns: columns === '4' ? undefined : columns })}
      />
    </>
  )
}

function Flows({ answer, change }: { answer: Answer; change: (change: ReportSearch) => void }) {
  const { picture } = answer
  if (picture.summary.atEnd === 0) {
    return (
      <Panel title="Moves">
        <Empty title="Nobody stood on the ladder in this period">
          Choose a longer period, or <Link to="/sources">connect a source</Link>.
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <Panel
        title="Who stood where, and moved"
        about="Each column is a moment of the period; widths are people."
      >
        <Summary picture={picture} />
        <LadderSankey answer={answer} />
      </Panel>
      <Columns>
        <LadderStays answer={answer} />
        <LadderStalls answer={answer} />
      </Columns>
      {picture.chosen && <ChosenRung answer={answer} change={change} />}
      <LadderEntries answer={answer} change={change} />
      <LadderChange picture={picture} />
    </>
  )
}

function Summary({ picture }: { picture: LadderFlowsPicture }): ReactNode {
  const { atStart, entered, rose, fell, leftUnaware, atEnd } = picture.summary
  const of = (part: number): string => `${formatShare(part, atStart)} of the start`
  return (
    <Facts
      large
      facts={[
        { name: 'At the start', value: formatCount(atStart) },
        { name: 'Came in', value: formatCount(entered) },
        { name: 'Stand higher', value: formatCount(rose), note: of(rose) },
        { name: 'Stand lower', value: formatCount(fell), note: of(fell) },
        { name: 'Left unaware', value: formatCount(leftUnaware) },
        { name: 'At the end', value: formatCount(atEnd) },
      ]}
    />
  )
}
