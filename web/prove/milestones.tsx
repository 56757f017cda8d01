/** Milestones: what people had done before they came to a rung, and how much sooner they came for it. */
import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { MilestonesPicture } from '../../src/domain/reports/milestones.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { words } from '../domain/words.ts'
import { Facts } from '../ui/facts.tsx'
import { LiftPlot } from '../ui/chart/lift-plot.tsx'
import { formatCount, formatNumber, plural } from '../ui/number.ts'
import { Panel, Stack } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { ReportFrame } from './report-frame.tsx'
import { percent } from './reach-words.ts'
import type { ReportSearch } from './report-search.ts'

type Answer = ReportAnswer<MilestonesPicture>

export function MilestonesPage(): ReactNode {
  return (
    <ReportFrame<MilestonesPicture>
      id="milestones"
      title="Milestones"
      about="What people had done before they became advocates, and how much sooner they came for it."
      controls={(search, change) => <Controls search={search} change={change} />}
    >
      {(answer) => <Milestones answer={answer} />}
    </ReportFrame>
  )
}

function Controls(props: {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { search, change } = props
  const rungs = useQuery(queries.model()).data?.model.rungs.slice(1) ?? []
  const highest = rungs.at(-1)?.id
  return (
    <Pick
      label="On the way to"
      options={rungs.toReversed().map(({ id, name }) => ({ value: id, label: name }))}
      value={search['rung'] ?? highest}
      onChange={(rung) => change({ rung: rung === highest ? undefined : rung })}
    />
  )
}

function Milestones({ answer: { picture, compared } }: { readonly answer: Answer }): ReactNode {
  const { rung, people, came, concordance } = picture
  const told = picture.milestones.filter(({ ratio }) => ratio !== null)
  if (told.length === 0)
    return (
      <Panel title={`On the way to ${rung.name}`}>
        <Empty title={`Too few came to ${rung.name} in this period to say what led there`}>
          {plural(came, 'person', 'people')} of {formatCount(people)} came. Choose a longer period,
          or a lower rung; <Link to="/sources">sources</Link> tell of more that people do.
        </Empty>
      </Panel>
    )
  const other = new Map(compared?.picture.milestones.map(({ kind, ratio }) => [kind, ratio?.value]))
  const silent = picture.milestones.filter(({ ratio, sameAs }) => ratio === null && sameAs === null)
  return (
    <Panel
      title={`How much sooner people come to ${rung.name}`}
      about={`How many times as likely somebody comes on any day once this was done, others being equal. Filled marks are sure; hollow ones may be chance. What goes together, not what causes.${compared ? ` Grey: ${compared.with}.` : ''}`}
    >
      <Stack>
        <Facts
          large
          facts={[
            { name: 'Could still come', value: formatCount(people) },
            {
              name: `Came to ${rung.name}`,
              value: formatCount(came),
              note: people > 0 ? percent(came / people) : undefined,
            },
            {
              name: 'Order foretold',
              value: concordance === null ? '–' : percent(concordance),
              note: 'of pairs; 50 % is a guess',
            },
          ]}
        />
        <LiftPlot
          even="as likely"
          label={`How many times as likely people come to ${rung.name} after each milestone`}
          rows={told.map(({ kind, ratio, stands, cameAfter, people: reached, q, chosen }) => {
            const before = other.get(kind)
            const { value, low, high } = ratio ?? { value: 1, low: 1, high: 1 }
            return {
              ...{
                id: kind,
                name: nameOf(kind, picture),
                lift: { value, low, high },
                isSure: stands,
              },
              says: `${times(value)}×`,
              note: `${times(low)} to ${times(high)}; ${formatCount(cameAfter)} of ${plural(reached, 'person', 'people')}`,
              title: `q ${formatNumber(q ?? 1, 3)}; chosen among ${told.length}: ${times(chosen?.low ?? low)} to ${times(chosen?.high ?? high)}`,
              ...(before === undefined ? {} : { compared: before }),
            }
          })}
        />
        {silent.length > 0 && (
          <p>
            Left out, since fewer stand behind them, or nearly everybody has done them:{' '}
            {silent.map(({ kind }) => words(kind).toLowerCase()).join(', ')}.
          </p>
        )}
      </Stack>
    </Panel>
  )
}

/** Below 1 the second digit counts. */
const times = (ratio: number): string => formatNumber(ratio, ratio < 1 ? 2 : 1)

/** With those that always come with it. */
function nameOf(kind: string, { milestones }: MilestonesPicture): string {
  const twins = milestones.filter(({ sameAs }) => sameAs === kind).map((one) => words(one.kind))
  return [words(kind), ...twins.map((name) => name.toLowerCase())].join(', ')
}
