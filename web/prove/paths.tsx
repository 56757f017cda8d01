/** Paths: the ways people come to an outcome, and which steps made the difference. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount, plural } from '../ui/number.ts'
import { Columns, Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { words } from '../domain/words.ts'
import { PathsDifferences } from './paths-differences.tsx'
import { PathsFlow } from './paths-flow.tsx'
import { PathsSequences } from './paths-sequences.tsx'
import { ReportFrame } from './report-frame.tsx'
import type { ReportSearch } from './report-search.ts'

/** Kinds that are an outcome in themselves; any other can stand in the address. */
const outcomes = [
  'referral', 'review', 'purchase', 'subscription_started', 'trial_started', 'signed_up',
  'subscription_renewed', 'shared', 'demo_requested', 'subscription_cancelled',
] as const // prettier-ignore

export function PathsPage(): ReactNode {
  return (
    <ReportFrame<PathsPicture>
      id="paths"
      title="Paths to advocacy"
      about="The ways people come to an outcome, and which steps made the difference."
      controls={(search, change, answer) => (
        <Controls search={search} change={change} answer={answer} />
      )}
    >
      {(answer) => <Paths answer={answer} />}
    </ReportFrame>
  )
}

function Controls(props: {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
  readonly answer: ReportAnswer<PathsPicture> | undefined
}): ReactNode {
  const { search, change, answer } = props
  const rungs = useQuery(queries.model()).data?.model.rungs ?? []
  const chosen = search['outcome'] ?? answer?.picture.outcome.id
  const known = [
    ...rungs
      .slice(1)
      .toReversed()
      .map(({ id, name }) => ({ value: `rung:${id}`, label: `To ${name}` })),
    ...outcomes.map((kind) => ({ value: kind, label: `To ${words(kind).toLowerCase()}` })),
  ]
  const own = chosen === undefined || known.some(({ value }) => value === chosen)
  return (
    <>
      <Pick
        label="Outcome"
        options={own ? known : [...known, { value: chosen, label: answer?.picture.outcome.name ?? chosen }]} // prettier-ignore
        value={chosen}
        onChange={(outcome) => change({ outcome })}
      />
      <Pick
        label="Steps are"
        options={[
          { value: 'kind', label: 'Kinds of touchpoint' },
          { value: 'channel', label: 'Channels' },
          { value: 'series', label: 'Series of content' },
          { value: 'content', label: 'Pieces of content' },
        ]}
        value={search['by'] ?? 'kind'}
        onChange={(by) => change({ by: by === 'kind' ? undefined : by })}
      />
      <Pick
        label="Steps shown"
        options={[2, 3, 4, 5, 6, 7, 8].map((count) => ({
          value: String(count),
          label: `Last ${count} steps`,
        }))}
        value={search['steps'] ?? '4'}
        onChange={(steps) => change({ steps: steps === '4' ? undefined : steps })}
      />
    </>
  )
}

function Paths({ answer }: { answer: ReportAnswer<PathsPicture> }): ReactNode {
  const { picture } = answer
  if (picture.compared.reached === 0) {
    return (
      <Panel title={picture.outcome.name}>
        <Empty title="Nobody came there by such steps in this period">
          {picture.people.reached > 0
            ? `${plural(picture.people.reached, 'person', 'people')} came there, with no such step before. Look at kinds of touchpoint instead.`
            : 'Choose a longer period, or an outcome that comes earlier.'}
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <Panel
        title={`The last steps before: ${picture.outcome.name}`}
        about="People who came there for the first time in this period. Read from left to right; repeats of a step are one."
      >
        <Summary picture={picture} />
        <PathsFlow answer={answer} />
      </Panel>
      <PathsDifferences answer={answer} />
      <Columns>
        <PathsSequences answer={answer} which="sequences" />
        <PathsSequences answer={answer} which="otherSequences" />
      </Columns>
    </>
  )
}

function Summary({ picture }: { picture: PathsPicture }): ReactNode {
  const { people, compared } = picture
  return (
    <Facts
      large
      facts={[
        { name: 'Came there', value: formatCount(people.reached) },
        ...(compared.without > 0
          ? [{ name: 'With no such step before', value: formatCount(compared.without) }]
          : []),
        { name: 'Have not', value: formatCount(people.others) },
        {
          name: 'Compared',
          value: `${formatCount(compared.reached)} with ${formatCount(compared.others)}`,
          note: `observed equally long, ${compared.window} steps at most`,
        },
      ]}
    />
  )
}
