/** All reports, and the page of one. */
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, Suspense } from 'react'
import { queries, sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { reportPages } from './report-pages.ts'
import classes from './report.module.css'

export function ReportsPage(): ReactNode {
  const answer = useQuery(queries.reports())
  return (
    <Page
      title="Reports"
      about="Questions to the history of every relationship, each with its picture."
    >
      <WhenReady answer={answer} says={sayProblem}>
        {({ reports }) => (
          <ul className={classes['list']}>
            {reports.map(({ id, title, about }) => (
              <li key={id}>
                <Link to="/reports/$reportId" params={{ reportId: id }} className={classes['card']}>
                  <strong>{title}</strong>
                  <span>{about}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </WhenReady>
    </Page>
  )
}

export function ReportPage(): ReactNode {
  const { reportId } = useParams({ from: '/team/reports/$reportId' })
  const Report = reportPages[reportId]
  if (Report === undefined) {
    return (
      <Page title="Reports">
        <Empty title="There is no such report">
          <Link to="/reports">All reports</Link>
        </Empty>
      </Page>
    )
  }
  return (
    <Suspense fallback={<Lines count={8} height={28} />}>
      <Report key={reportId} />
    </Suspense>
  )
}
