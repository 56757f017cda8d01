/** Of those who began in a period, how many came back so many periods later. */
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { RetentionPicture } from '../../src/domain/reports/retention.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { queries } from '../api.ts'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { ReportFrame } from './report-frame.tsx'
import type { ReportSearch } from './report-search.ts'
import { RetentionCurve } from './retention-curve.tsx'
import { stepOptions } from './step-text.ts'
import classes from './conversion.module.css'

export function RetentionPage(): ReactNode {
  return (
    <ReportFrame<RetentionPicture>
      id="retention"
      title="Retention"
      about="Of those who began in a day, week or month, how many came back later."
      controls={(search, change) => <Controls search={search} change={change} />}
    >
      {(answer) => <Retention answer={answer} />}
    </ReportFrame>
  )
}

interface ControlsProps {
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
}

function Controls({ search, change }: ControlsProps): ReactNode {
  const rungs = useQuery(queries.model()).data?.model.rungs ?? []
  const usual = (name: string, value: string | undefined, standard: string): void =>
    change({ [name]: value === standard ? undefined : value })
  const steps = (name: string) =>
    stepOptions(rungs, { any: true, ...(search[name] === undefined ? {} : { chosen: search[name] }) }) // prettier-ignore
  return (
    <>
      <Pick
        label="Cohorts by"
        options={[
          { value: 'day', label: 'By day' },
          { value: 'week', label: 'By week' },
          { value: 'month', label: 'By month' },
        ]}
        value={search['unit'] ?? 'week'}
        onChange={(unit) => usual('unit', unit, 'week')}
      />
      <Pick
        label="Begin with"
        options={steps('start').map(({ value, label }) => ({ value, label: `Begin: ${label}` }))}
        value={search['start'] ?? 'any'}
        onChange={(start) => usual('start', start, 'any')}
      />
      <Pick
        label="Come back with"
        options={[
          { value: 'same', label: 'Back: the same again' },
          ...steps('back')
            .filter(({ value }) => value !== 'same')
            .map(({ value, label }) => ({ value, label: `Back: ${label}` })),
        ]}
        value={search['back'] ?? 'any'}
        onChange={(back) => usual('back', back, 'any')}
      />
      <Pick
        label="Counts as back"
        options={[
          { value: 'on', label: 'In that period' },
          { value: 'on_or_after', label: 'In it or later (rolling)' },
        ]}
        value={search['variant'] ?? 'on'}
        onChange={(variant) => usual('variant', variant, 'on')}
      />
      <Pick
        label="Who began"
        options={[
          { value: 'first', label: 'Their first ever' },
          { value: 'each', label: 'Whenever they did' },
        ]}
        value={search['cohorts'] ?? 'first'}
        onChange={(cohorts) => usual('cohorts', cohorts, 'first')}
      />
      <Pick
        label="Broken down by"
        any="Not broken down"
        options={[
          { value: 'persona', label: 'By persona' },
          { value: 'channel', label: 'By first channel' },
          { value: 'campaign', label: 'By first campaign' },
        ]}
        value={search['by']}
        onChange={(by) => change({ by })}
      />
    </>
  )
}

function Retention({ answer }: { answer: ReportAnswer<RetentionPicture> }): ReactNode {
  const { picture } = answer
  const { unit, start, back, cohorts } = picture
  if (cohorts.length === 0) {
    return (
      <Panel title="Who came back">
        <Empty title={`Nobody began in a whole ${unit} of this period`}>
          Choose a longer period, shorter cohorts, or another beginning.
        </Empty>
      </Panel>
    )
  }
  return (
    <>
      <Panel
        title="Who came back"
        about={`Began with: ${start.toLowerCase()}. Came back with: ${back.toLowerCase()}. Bands are 95 % intervals.`}
      >
        <RetentionCurve answer={answer} />
      </Panel>
      <Panel
        title={`Cohorts by ${unit}`}
        about={`Each row is those who began in one ${unit}; each column so many ${unit}s later. In grey: fewer than ${few} people.`}
        flush={false}
      >
        <Triangle picture={picture} />
      </Panel>
    </>
  )
}

/** Of fewer people a share says little. */
const few = 20
const percent = (share: number): string => `${formatNumber(share * 100, share < 0.1 ? 1 : 0)} %`

const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' }) // prettier-ignore
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }) // prettier-ignore

function Triangle({ picture }: { picture: RetentionPicture }): ReactNode {
  const { cohorts, together, unit } = picture
  const longest = Math.max(
    0,
    together.findLastIndex((cell) => cell !== null),
  )
  const format = unit === 'month' ? monthFormat : dayFormat
  const cellOf = (cell: RetentionPicture['together'][number] | undefined) =>
    cell
      ? {
          value: cell.share.value,
          says: percent(cell.share.value),
          title: `${formatCount(cell.active)} of ${formatCount(cell.of)}: ${percent(cell.share.low)} to ${percent(cell.share.high)}`,
          isFaint: cell.of < few,
        }
      : null
  const columns = Array.from({ length: longest }, (_, k) => k + 1)
  return (
    <div className={classes['triangle']}>
      <HeatTable
        label={`Share of each cohort that came back, by ${unit}s since they began`}
        corner="Began"
        columns={columns.map((since) => `${since}`)}
        most={cohorts.reduce((top, { cells }) => Math.max(top, ...cells.slice(1).map((cell) => cell?.share.value ?? 0)), 0)} // prettier-ignore
        rows={[
          {
            id: 'all',
            name: 'All',
            note: `${formatCount(cohorts.reduce((sum, { size }) => sum + size, 0))} people`,
            cells: columns.map((since) => cellOf(together[since])),
          },
          ...cohorts.map(({ day, size, cells }) => ({
            id: day,
            name: format.format(new Date(`${day}T00:00:00Z`)),
            note: `${formatCount(size)} ${size === 1 ? 'person' : 'people'}`,
            cells: columns.map((since) => cellOf(cells[since])),
          })),
        ]}
      />
    </div>
  )
}
