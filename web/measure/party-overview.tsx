import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { queries, sayProblem } from '../api.ts'
import { healthWords } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { Columns, Panel, Stack } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { type CalendarDay, dayOfOne } from './calendar-days.ts'
import { Dimensions } from './dimensions.tsx'
import { HealthCalendar } from './health-calendar.tsx'
import { FirstConnection, Loyalty, LoveAndReach, Value } from './party-figures.tsx'
import classes from './party-overview.module.css'
import { Standing } from './standing.tsx'
import { Transitions } from './transitions.tsx'

export function PartyOverview({ party }: { party: PartyDetail }): ReactNode {
  return (
    <Columns wide={2}>
      <Stack>
        <Standing party={party} />
        <Dimensions dimensions={party.dimensionDetails} />
        <Health party={party} />
      </Stack>
      <Stack>
        {party.kind === 'account' && <Members party={party} />}
        <Transitions partyId={party.id} />
        <Value party={party} />
        <Loyalty party={party} />
        <LoveAndReach party={party} />
        <FirstConnection party={party} />
      </Stack>
    </Columns>
  )
}

function sayDay(day: CalendarDay): string {
  if (day.green === 1) return healthWords.green
  if (day.yellow === 1) return healthWords.yellow
  return day.red === 1 ? healthWords.red : 'not yet known'
}

function Health({ party }: { party: PartyDetail }): ReactNode {
  const answer = useQuery(queries.calendar(party.id))
  return (
    <Panel title="Health by day" about="The last half year">
      {party.healthReasons.length > 0 && (
        <ul className={classes['reasons']}>
          {party.healthReasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={7} height={14} />}>
        {({ days }) => (
          <HealthCalendar label="Health by day" days={days.map(dayOfOne)} says={sayDay} />
        )}
      </WhenReady>
    </Panel>
  )
}

function Members({ party }: { party: PartyDetail }): ReactNode {
  return (
    <Panel title="People" about="What they do adds up to this account.">
      {party.members.length === 0 ? (
        <Empty title="No one belongs to this account yet">
          <p>
            A <code>group</code> call with this account's id makes a person a member.
          </p>
        </Empty>
      ) : (
        <>
          <ul className={classes['members']}>
            {party.members.map((member) => (
              <li key={member.id}>
                <PartyLink party={member} />
              </li>
            ))}
          </ul>
          <Link to="/people" search={{ account: party.id }} className={classes['all']}>
            Show as a list with rungs and health
          </Link>
        </>
      )}
    </Panel>
  )
}
