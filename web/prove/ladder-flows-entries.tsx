/** On which rung people enter, by where their first touchpoint came from. */
import type { ReactNode } from 'react'
import type { LadderFlowsPicture } from '../../src/domain/reports/ladder-flows.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { words } from '../domain/words.ts'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { formatCount, formatShare, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import type { ReportSearch } from './report-search.ts'

const most = 14

export function LadderEntries(props: {
  readonly answer: ReportAnswer<LadderFlowsPicture>
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { entries, entryBy, rungs } = props.answer.picture
  const columns = rungs.filter(({ id }) => entries.some(({ rung }) => rung === id))
  const sources = totals(entries)
  return (
    <Panel
      title="Where people enter"
      about="The first rung of those who came in, by their first touchpoint."
      actions={
        <Pick
          label="First touchpoint by"
          options={[
            { value: 'channel', label: 'By channel' },
            { value: 'source', label: 'By campaign source' },
            { value: 'campaign', label: 'By campaign' },
          ]}
          value={entryBy}
          onChange={(entry) => props.change({ entry: entry === 'channel' ? undefined : entry })}
        />
      }
    >
      {entries.length === 0 ? (
        <Empty title="Nobody came in during this period">Choose a longer period.</Empty>
      ) : (
        <HeatTable
          label="People by first touchpoint and first rung"
          corner={{ channel: 'Channel', source: 'Source', campaign: 'Campaign' }[entryBy]}
          columns={columns.map(({ name }) => name)}
          most={1}
          rows={sources.slice(0, most).map(([source, sum]) => ({
            id: source,
            name: source === '' ? 'Without one' : entryBy === 'channel' ? words(source) : source,
            note: plural(sum, 'person', 'people'),
            cells: columns.map((rung) => {
              const people = entries.find((one) => one.source === source && one.rung === rung.id)?.people // prettier-ignore
              return people === undefined
                ? null
                : {
                    value: people / sum,
                    says: `${formatShare(people, sum)}`,
                    title: `${formatCount(people)} of ${formatCount(sum)} entered as ${rung.name}`,
                    isFaint: sum < 10,
                  }
            }),
          }))}
        />
      )}
    </Panel>
  )
}

function totals(entries: LadderFlowsPicture['entries']): [string, number][] {
  const sums = new Map<string, number>()
  for (const { source, people } of entries) sums.set(source, (sums.get(source) ?? 0) + people)
  return [...sums].toSorted(([, one], [, other]) => other - one)
}
