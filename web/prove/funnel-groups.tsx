/** The funnel by group, and the people who came no farther. */
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FunnelPicture } from '../../src/domain/reports/funnel.ts'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { formatCount, formatNumber, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import { words } from '../domain/words.ts'
import type { ReportSearch } from './report-search.ts'
import classes from './conversion.module.css'

const most = 36
/** Of fewer people a share says little. */
const few = 20
const percent = (share: number): string => `${formatNumber(share * 100, 1)} %`

export function FunnelGroups({ picture }: { picture: FunnelPicture }): ReactNode {
  const { groups, steps, by } = picture
  return (
    <Panel
      title="Broken down"
      about={`By ${{ channel: 'channel of the first touch', campaign: 'campaign of the first touch', persona: 'persona', trait: 'trait' }[by ?? 'trait']}: of those who took the first step, the share that came so far. Grey: fewer than ${few} people.`}
    >
      {groups.length === 0 ? (
        <Empty title="No groups in this period" />
      ) : (
        <HeatTable
          label="Share of the first step by group"
          corner="Group"
          columns={['People', ...steps.slice(1).map(({ name }) => name), 'Overall']}
          most={1}
          rows={groups.map(({ name, people, overall }) => {
            const [first = 0, ...rest] = people
            return {
              id: name,
              name: name === '' ? 'Not known' : by === 'channel' || by === 'persona' ? words(name) : name, // prettier-ignore
              cells: [
                { value: 0, says: formatCount(first) },
                ...rest.map((count) => ({
                  value: first > 0 ? count / first : 0,
                  says: formatCount(count),
                  title: `${formatCount(count)} of ${formatCount(first)}`,
                  isFaint: first < few,
                })),
                overall && {
                  value: overall.value,
                  says: (
                    <>
                      {percent(overall.value)}{' '}
                      <span className={classes['note']}>
                        {percent(overall.low)} to {percent(overall.high)}
                      </span>
                    </>
                  ),
                  isFaint: first < few,
                },
              ],
            }
          })}
        />
      )}
    </Panel>
  )
}

export function FunnelPeople(props: {
  readonly picture: FunnelPicture
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { people, steps } = props.picture
  if (people === null) return null
  const step = steps[people.after - 1]
  return (
    <Panel
      title={`Came to “${step?.name ?? ''}” and no farther`}
      about={`The latest ${formatCount(Math.min(most, people.list.length))} of ${plural(step?.dropped ?? 0, 'person', 'people')}; more are in the table behind the picture.`}
      actions={
        <Button
          variant="default"
          size="xs"
          onClick={() => props.change({ dropped: undefined })}
        >
          Close
        </Button>
      }
    >
      <ul className={classes['people']}>
        {people.list.slice(0, most).map(({ id, name, rung, at }) => (
          <li key={id}>
            <Link to="/people/$partyId" params={{ partyId: id }}>
              {name || 'Without a name'}
            </Link>
            <span>
              {words(rung)}, <Moment at={at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
} // prettier-ignore
