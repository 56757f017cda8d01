/** What a team looks at in the morning: the ladder, health, who moved and why, whom we reach. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { LadderView } from '../../src/domain/ladder-view.ts'
import { queries, sayProblem } from '../api.ts'
import { FirstEvent } from '../collect/first-event.tsx'
import { HealthMark, healthWords } from '../domain/health-mark.tsx'
import { HealthCalendar } from '../measure/health-calendar.tsx'
import { Ladder } from '../measure/ladder.tsx'
import { ReachByChannel } from '../measure/reach.tsx'
import { Movers } from '../measure/transitions.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { formatCount, formatShare, plural } from '../ui/number.ts'
import { Columns, Page, Panel } from '../ui/page.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './home-page.module.css'

export function HomePage(): ReactNode {
  const answer = useQuery(queries.ladder())
  if (answer.data?.total === 0) return <EmptyHome />
  return (
    <Page
      title="Home"
      heading={answer.data ? plural(answer.data.total, 'person', 'people') : 'Home'}
      about={
        answer.data ? (
          <>
            and where each relationship stands, as of <Moment at={answer.data.asOf} exact />
          </>
        ) : (
          'One moment'
        )
      }
    >
      <Columns wide={2}>
        <Panel title="The ladder" about="Where people stand, and who moved in the last 7 days">
          <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={9} height={28} />}>
            {(ladder) => <Ladder ladder={ladder} />}
          </WhenReady>
        </Panel>
        <HealthNow ladder={answer.data} />
      </Columns>
      <Columns>
        <Movers direction="rose" />
        <Movers direction="slipped" />
      </Columns>
      <ReachByChannel />
    </Page>
  )
}

const colours = ['green', 'yellow', 'red'] as const

function HealthNow({ ladder }: { ladder: LadderView | undefined }): ReactNode {
  const answer = useQuery(queries.healthCalendar())
  return (
    <Panel title="Health">
      <ul className={classes['health']}>
        {colours.map((colour) => (
          <li key={colour}>
            <Link to="/people" search={{ health: colour }} className={classes['healthLink']}>
              <HealthMark colour={colour} />
              <span className={classes['healthCount']}>
                {ladder ? formatCount(ladder.health[colour]) : '–'}
              </span>
              <span className={classes['share']}>
                {ladder ? formatShare(ladder.health[colour], ladder.total) : ''}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={7} height={14} />}>
        {({ days }) => (
          <HealthCalendar
            label="Health of everyone by day"
            days={days}
            says={(day) =>
              colours
                .map((colour) => `${formatCount(day[colour])} ${healthWords[colour].toLowerCase()}`)
                .join(', ')
            }
          />
        )}
      </WhenReady>
    </Panel>
  )
}

function EmptyHome(): ReactNode {
  return (
    <Page
      title="Home"
      heading="Meet your first person"
      about="Send one event, and the ladder begins. Any client that speaks Segment works as it is."
    >
      <Panel title="Send an event" about="Paste this into a terminal">
        <FirstEvent />
      </Panel>
      <div>
        <LinkButton to="/sources" mr={8}>
          Connect a website or a tool
        </LinkButton>
        <LinkButton to="/import" variant="default">
          Import a file
        </LinkButton>
      </div>
    </Page>
  )
}
