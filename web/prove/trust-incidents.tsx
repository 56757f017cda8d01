/** Days on which trust broke, and what became of those who were hit. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { HitPeople, Incident } from '../../src/domain/reports/trust.ts'
import { formatCount, formatNumber, formatSigned, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import type { LineSeries } from '../ui/chart/line-chart-plot.ts'
import classes from './trust.module.css'

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }) // prettier-ignore
const dayName = (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`))
const dayLength = 86_400_000
const daysAround = 30

export function TrustIncidents({ incidents }: { incidents: readonly Incident[] }): ReactNode {
  if (incidents.length === 0) return null
  return (
    <Panel
      title={incidents.length === 1 ? 'An incident' : 'Incidents'}
      about="Days of the last two years on which far more trust was lost than on a usual day, and the average balance of those who were hit."
    >
      <ul className={classes['incidents']}>
        {incidents.map((incident) => (
          <li key={`${incident.from} ${incident.because}`}>
            <OneIncident incident={incident} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function OneIncident({ incident }: { incident: Incident }): ReactNode {
  const { from, to, because, people, withdrawn, timesUsual, recovered, notRecovered } = incident
  const { returned, difference } = incident
  return (
    <div className={classes['incident']}>
      <div>
        <h3>
          <Link to="." search={(old: object) => ({ ...old, ...around(from, to) })}>
            {from === to ? dayName(from) : `${dayName(from)} to ${dayName(to)}`}
          </Link>
        </h3>
        <p>
          <strong>{because}</strong>, to {plural(people, 'person', 'people')}:{' '}
          {formatCount(withdrawn)} points lost, {formatNumber(timesUsual, 0)} times a usual day.
        </p>
        <p>
          {recovered.people === 0
            ? 'Nobody was recovered yet.'
            : `${plural(recovered.people, 'person was', 'people were')} recovered, which gave ${formatCount(returned)} points back. ${formatCount(notRecovered.people)} were not.`}
        </p>
        {difference && (
          <p>
            Today the recovered stand {formatSigned(difference.value)} points above the others (
            {formatSigned(difference.low)} to {formatSigned(difference.high)}).
          </p>
        )}
      </div>
      <LineChart
        label={`Average balance of those hit on ${dayName(from)}: before, after and at the end.`}
        at={['The day before', 'The day after', 'At the end']}
        formatAt={(at) => at}
        height={180}
        format={(value) => formatNumber(value)}
        series={[
          ...seriesOf('recovered', `Recovered (${formatCount(recovered.people)})`, recovered),
          ...seriesOf('others', `Not recovered (${formatCount(notRecovered.people)})`, notRecovered), // prettier-ignore
        ]}
      />
    </div>
  )
}

function seriesOf(id: string, name: string, { before, after, end }: HitPeople): LineSeries[] {
  if (!before || !after || !end) return []
  const all = [before, after, end]
  return [
    {
      id,
      name,
      values: all.map(({ value }) => value),
      low: all.map(({ low }) => low),
      high: all.map(({ high }) => high),
    },
  ]
}

/** The period around an incident, so that the account can be seen breaking. */
function around(from: string, to: string): { from: string; to: string } {
  const move = (day: string, days: number): string =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * dayLength).toISOString().slice(0, 10)
  return { from: move(from, -daysAround), to: move(to, 2 * daysAround) }
}
