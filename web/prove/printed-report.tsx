/** A report to be printed or sent: its pictures and how they were made, nothing to click on. */
import type { ReactNode } from 'react'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './report.module.css'

interface PrintedReportProps<Picture> {
  readonly title: string
  readonly about: string
  readonly answer: {
    readonly data: ReportAnswer<Picture> | undefined
    readonly error: unknown
    readonly refetch: () => unknown
  }
  readonly children: (answer: ReportAnswer<Picture>) => ReactNode
}

export function PrintedReport<Picture>(props: PrintedReportProps<Picture>): ReactNode {
  const { title, about, answer, children } = props
  return (
    <WhenReady answer={answer} says={sayProblem}>
      {(data) => (
        // The mark that it can be photographed.
        <div className={classes['printed']} data-report-drawn>
          <Page title={title} about={about}>
            <p className={classes['asked']}>{sayAsked(data)}</p>
            <div className={classes['answer']}>{children(data)}</div>
            <ul className={classes['notes']}>
              {data.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
              <li>
                As of <Moment at={data.asOf} exact />. Days are in UTC.
              </li>
            </ul>
          </Page>
        </div>
      )}
    </WhenReady>
  )
}

function sayAsked({ period, segment, compared }: ReportAnswer<unknown>): string {
  const who = segment === null ? 'Everybody' : segment.name
  const other = compared === null ? '' : `, compared with ${compared.with}`
  return `${period.from} to ${period.to} · ${who}${other}`
}
