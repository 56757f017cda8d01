/** What every report is asked with: the period, whose touchpoints, what it is compared with. */
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { queries } from '../api.ts'
import { Pick } from '../ui/pick.tsx'
import type { ReportSearch } from './report-search.ts'
import classes from './report.module.css'

interface ToolbarProps {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
  /** The report's own controls. */
  readonly children?: ReactNode
}

const lengths = [7, 30, 90, 180, 365, 730]
const usualDays = 90
const dayLength = 86_400_000
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

export function ReportToolbar({ search, change, children }: ToolbarProps): ReactNode {
  const segments = useQuery(queries.segmentNames()).data?.segments ?? []
  const choices = segments.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <div className={classes['toolbar']} role="group" aria-label="What the report looks at">
      <Period search={search} change={change} />
      {choices.length > 0 && (
        <Pick
          label="Segment"
          any="Everybody"
          options={choices}
          value={search['segment']}
          onChange={(segment) => change({ segment })}
        />
      )}
      <Pick
        label="Compared with"
        any="Not compared"
        options={[
          { value: 'previous', label: 'The period before' },
          ...(search['segment'] === undefined ? [] : [{ value: 'rest', label: 'Everybody else' }]),
          ...choices.filter(({ value }) => value !== search['segment']),
        ]}
        value={search['compare']}
        onChange={(compare) => change({ compare })}
      />
      {children}
    </div>
  )
}

/** A length that is chosen stays relative to today; only an own period has days of the calendar. */
function Period({ search, change }: Omit<ToolbarProps, 'children'>): ReactNode {
  const { from, to } = search
  const [today] = useState(() => dayOf(Date.now()))
  const days = lengthOf(search, today)
  const isUsual = (to === undefined || to === today) && lengths.includes(days)
  const shownFrom = from ?? dayOf(Date.parse(to ?? today) - (days - 1) * dayLength)
  return (
    <>
      <Pick
        label="Period"
        options={[
          ...lengths.map((length) => ({ value: String(length), label: `Last ${length} days` })),
          { value: 'own', label: 'Own period' },
        ]}
        value={isUsual ? String(days) : 'own'}
        onChange={(value) => {
          if (value === 'own')
            change({ from: shownFrom, to: dayOf(Date.parse(today) - dayLength), days: undefined })
          else change({ days: value, from: undefined, to: undefined })
        }}
      />
      {!isUsual && (
        <>
          <DayField
            label="From"
            value={shownFrom}
            onChange={(day) => change({ from: day, days: undefined })}
          />
          <DayField
            label="To, included"
            value={to ?? today}
            onChange={(day) => change({ from: shownFrom, to: day, days: undefined })}
          />
        </>
      )}
    </>
  )
}

function lengthOf({ from, to, days }: ReportSearch, today: string): number {
  if (from === undefined) return days === undefined ? usualDays : Number(days)
  return Math.round((Date.parse(to ?? today) - Date.parse(from)) / dayLength) + 1
}

function DayField(props: {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (day: string | undefined) => void
}): ReactNode {
  return (
    <input
      type="date"
      aria-label={props.label}
      className={classes['day']}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    />
  )
}
