/** What a report's page has in its address: all that was asked, so that a link makes the same picture. */
import { useNavigate, useSearch } from '@tanstack/react-router'

export type ReportSearch = Readonly<Record<string, string | undefined>>

/** Any parameter of any report: the server says which of them it knows. */
export function parseReportSearch(raw: Record<string, unknown>): ReportSearch {
  const known = Object.entries(raw).flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && text !== '' ? [[name, text.slice(0, 2000)] as const] : []
  })
  return Object.fromEntries(known.slice(0, 30))
}

/** The parameters in the address, and how to change some of them; undefined takes one out. */
export function useReportSearch(): [ReportSearch, (change: ReportSearch) => void] {
  const search = useSearch({ from: '/team/reports/$reportId' }) as ReportSearch
  const navigate = useNavigate()
  return [
    search,
    (change) =>
      void navigate({
        to: '.',
        search: (old: object) => parseReportSearch({ ...old, ...change }),
        replace: true,
      } as never),
  ]
}
