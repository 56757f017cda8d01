/** How long people stay on a rung, and where more stay longer than is usual. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { LadderFlowsPicture } from '../../src/domain/reports/ladder-flows.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { Button } from '@mantine/core'
import { PartyLink } from '../domain/party-link.tsx'
import { BarList, type BarRow } from '../ui/chart/bar-list.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { formatCount, formatNumber, plural } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { type ReportSearch, useReportSearch } from './report-search.ts'
import classes from './flows.module.css'

type Answer = ReportAnswer<LadderFlowsPicture>
type Stay = LadderFlowsPicture['stays'][number]

const days = (value: number): string => `${formatNumber(value, value < 10 ? 1 : 0)} d`
const percent = (value: number): string => `${formatNumber(value * 100, 0)} %`

/** The highest rung on top, as on the ladder. */
function rowsOf(answer: Answer, row: (stay: Stay, name: string) => Omit<BarRow, 'id'>): BarRow[] {
  const names = new Map(answer.picture.rungs.map(({ id, name }) => [id, name]))
  return answer.picture.stays
    .map((stay) => ({ id: stay.rung, ...row(stay, names.get(stay.rung) ?? stay.rung) }))
    .toReversed()
}

const staysIn = (picture: LadderFlowsPicture | undefined, rung: string): Stay | undefined =>
  picture?.stays.find((stay) => stay.rung === rung)

export function LadderStays({ answer }: { answer: Answer }): ReactNode {
  const [search] = useReportSearch()
  const rows = rowsOf(answer, (stay, name) => {
    const { value, low, high } = stay.medianDays
    const other = staysIn(answer.compared?.picture, stay.rung)?.medianDays.value
    return {
      name: (
        <Link
          to="/reports/$reportId"
          params={{ reportId: 'ladder-flows' }}
          search={{ ...search, rung: stay.rung }}
          resetScroll={false}
          title={`${name}: the whole curve`}
        >
          {name}
        </Link>
      ),
      value: value ?? 0,
      says: value === null ? 'longer' : days(value),
      note:
        value === null
          ? `most of ${plural(stay.stays, 'stay')} go on`
          : `${low === null ? '?' : formatNumber(low, 0)} to ${high === null ? '?' : days(high)}`,
      ...(value !== null && low !== null && high !== null ? { low, high } : {}),
      ...(other === null || other === undefined
        ? {}
        : { compared: other, comparedSays: days(other) }),
    }
  })
  return (
    <Panel
      title="How long people stay"
      about={`Half have gone on after so many days, up or down. All stays that began by ${answer.period.to}.`}
    >
      <BarList
        label="Median stay on each rung"
        rows={rows}
        {...(answer.compared ? { comparedWith: answer.compared.with } : {})}
      />
      <p className={classes['hint']}>Open a rung to see its curve. Whiskers: 95 % intervals.</p>
    </Panel>
  )
}

export function LadderStalls({ answer }: { answer: Answer }): ReactNode {
  const [{ segment, persona }] = useReportSearch()
  const rows = rowsOf(answer, (stay, name) => {
    const { value, low, high } = stay.longerShare
    const other = staysIn(answer.compared?.picture, stay.rung)?.longerShare.value
    return {
      name: (
        <Link
          to="/people"
          search={{ rung: stay.rung, segment, persona }}
          title={`${name}: the people who stand there`}
        >
          {name}
        </Link>
      ),
      value: value ?? 0,
      says: value === null ? '–' : percent(value),
      note:
        value === null
          ? 'no usual stay yet'
          : `${formatCount(stay.longer)} of ${formatCount(stay.here)}`,
      ...(low === null || high === null ? {} : { low, high }),
      ...(other === null || other === undefined
        ? {}
        : { compared: other, comparedSays: percent(other) }),
    }
  })
  return (
    <Panel
      title="Where people stall"
      about="Of those who stand there at the end: who has been there longer than the median stay."
    >
      <BarList
        label="Share of those on a rung who stay longer than is usual"
        rows={rows}
        most={1}
        {...(answer.compared ? { comparedWith: answer.compared.with } : {})}
      />
    </Panel>
  )
}

/** The curve of one rung, and the people who have just passed its usual stay. */
export function ChosenRung(props: {
  readonly answer: Answer
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { chosen, rungs } = props.answer.picture
  if (chosen === null) return null
  const name = rungs.find(({ id }) => id === chosen.rung)?.name ?? chosen.rung
  const other = props.answer.compared?.picture.chosen
  const read = new Map(other?.days.map((day, index) => [day, other.still[index] ?? null]))
  return (
    <Panel
      id="rung"
      title={`${name}: who is still there`}
      about="The share that is still on this rung so many days after coming to it (Kaplan-Meier)."
      actions={
        <Button variant="default" size="xs" onClick={() => props.change({ rung: undefined })}>
          Close
        </Button>
      }
    >
      <LineChart
        label={`Share still on ${name} by days since they came to it.`}
        at={chosen.days.map(String)}
        series={[
          {
            ...{ id: 'still', name: 'Still there', values: chosen.still },
            ...{ low: chosen.low, high: chosen.high },
          },
          ...(other
            ? [
                {
                  id: 'compared',
                  name: props.answer.compared?.with ?? '',
                  values: chosen.days.map((day) => read.get(day) ?? null),
                  isCompared: true,
                },
              ]
            : []),
        ]}
        format={percent}
        formatAt={(day, isExact) => (isExact ? `After ${plural(Number(day), 'day')}` : `${day} d`)}
        to={1}
        isStepped
        height={220}
      />
      {chosen.people.length > 0 && (
        <>
          <h3 className={classes['hint']}>Just passed the usual stay</h3>
          <ul className={classes['people']}>
            {chosen.people.map((person) => (
              <li key={person.id}>
                <PartyLink party={{ id: person.id, kind: 'person', displayName: person.name }} />
                <span>{days(person.days)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
