/** The frame of every report: what was asked, the picture, the tables behind it, files, how it was made. */
import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useContext } from 'react'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { ApiProblem, queries, sayProblem } from '../api.ts'
import { formatCount } from '../ui/number.ts'
import { Page, Panel } from '../ui/page.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { askedOf } from './asked-search.ts'
import { PinButton } from './pin-button.tsx'
import { ReportFiles } from './report-files.tsx'
import { ScheduleButton } from './schedule-button.tsx'
import { PrintedReport } from './printed-report.tsx'
import { Moment } from '../ui/time.tsx'
import { ReportToolbar } from './report-toolbar.tsx'
import { TableOfReport } from './report-table.tsx'
import { EmbeddedReport, useIsPrinted, useReportSearch } from './report-search.ts'
import type { ReportSearch } from './report-search.ts'
import classes from './report.module.css'

interface ReportFrameProps<Picture> {
  readonly id: string
  readonly title: string
  readonly about: string
  /** The report's own controls, beside period, segment and comparison. */
  readonly controls?: (
    search: ReportSearch,
    change: (change: ReportSearch) => void,
    answer: ReportAnswer<Picture> | undefined,
  ) => ReactNode
  /** Panels with the pictures. */
  readonly children: (
    answer: ReportAnswer<Picture>,
    change: (change: ReportSearch) => void,
  ) => ReactNode
}

export function ReportFrame<Picture>(props: ReportFrameProps<Picture>): ReactNode {
  const { id, title, about, controls, children } = props
  const [search, change] = useReportSearch()
  const answer = useQuery(queries.report<Picture>(id, askedOf(search)))
  const isEmbedded = useContext(EmbeddedReport) !== null
  const isPrinted = useIsPrinted()
  if (isEmbedded) {
    return (
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={7} height={28} />}>
        {(data) => <div className={classes['embedded']}>{children(data, change)}</div>}
      </WhenReady>
    )
  }
  if (isPrinted) {
    return (
      <PrintedReport title={title} about={about} answer={answer}>
        {(data) => children(data, change)}
      </PrintedReport>
    )
  }
  return (
    <Page
      title={title}
      about={about}
      actions={
        <>
          <PinButton report={id} title={title} search={search} />
          <ScheduleButton report={id} title={title} search={search} />
          {answer.data && <ReportFiles id={id} search={askedOf(search)} answer={answer.data} />}
        </>
      }
    >
      <ReportToolbar search={search} change={change}>
        {controls?.(search, change, answer.data)}
      </ReportToolbar>
      <Filling error={answer.data === undefined ? answer.failureReason : null} />
      <WhenReady answer={answer} says={sayProblem} waiting={<Waiting />}>
        {(data) => (
          <div className={classes['answer']} data-stale={answer.isPlaceholderData || undefined}>
            {children(data, change)}
            <Behind answer={data} />
          </div>
        )}
      </WhenReady>
    </Page>
  )
}

const Waiting = (): ReactNode => (
  <Panel title="One moment">
    <Lines count={8} height={28} />
  </Panel>
)

/** While history is being made ready the question is asked again; this shows how far it is. */
function Filling({ error }: { error: unknown }): ReactNode {
  if (!(error instanceof ApiProblem && error.code === 'lens_filling')) return null
  const [copied = 0, total = 0] = (error.detail.match(/\d+/g) ?? []).map(Number)
  return (
    <Panel
      title="Making history ready"
      about="Once, or after a large import. It goes on by itself."
    >
      <Progress
        value={total > 0 ? (copied / total) * 100 : 0}
        aria-label={`${formatCount(copied)} of ${formatCount(total)} touchpoints`}
      />
    </Panel>
  )
}

/** What stands behind the pictures: tables, methods, and how fresh they are. */
function Behind({ answer }: { answer: ReportAnswer<unknown> }): ReactNode {
  return (
    <Panel title="Behind the picture">
      {answer.tables.map((table) => (
        <details key={table.id} className={classes['details']}>
          <summary>{table.title}</summary>
          <TableOfReport table={table} />
        </details>
      ))}
      <ul className={classes['notes']}>
        {answer.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
        <li>
          {answer.period.from} to {answer.period.to} (UTC). As of <Moment at={answer.asOf} exact />,
          answered in {formatCount(answer.milliseconds)} ms.
        </li>
      </ul>
    </Panel>
  )
}
