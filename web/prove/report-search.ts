/** What a report's page has in its address: all that was asked, so that a link makes the same picture. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { createContext, useContext } from 'react'

export type ReportSearch = Readonly<Record<string, string | undefined>>

/** Any parameter of any report: the server says which of them it knows. */
export function parseReportSearch(raw: Record<string, unknown>): ReportSearch {
  const known = Object.entries(raw).flatMap(([name, value]) => {
    const text = typeof value === 'number' ? String(value) : value
    return typeof text === 'string' && text !== '' ? [[name, text.slice(0, 2000)] as const] : []
  })
  return Object.fromEntries(known.slice(0, 30))
}

/** Drawn inside another page: what is asked comes from there, not from the address. */
export interface Embedding {
  readonly report: string
  readonly query: ReportSearch
}
export const EmbeddedReport = createContext<Embedding | null>(null)

/**
 * The parameters in the address, and how to change some of them; undefined takes one out. Inside another
 * page a change opens the report itself.
 */
export function useReportSearch(): [ReportSearch, (change: ReportSearch) => void] {
  const embedded = useContext(EmbeddedReport)
  const { print: _print, ...search } = useAddress()
  const navigate = useNavigate()
  if (embedded !== null) {
    const { report, query } = embedded
    return [
      query,
      (change) =>
        void navigate({
          to: '/reports/$reportId',
          params: { reportId: report },
          search: parseReportSearch({ ...query, ...change }),
        }),
    ]
  }
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

/** Whether the page is drawn to be printed or sent: the report alone, without what one clicks on. */
export function useIsPrinted(): boolean {
  return useAddress()['print'] === '1'
}

/** On any page: one that is no report has parameters that were not looked at yet. */
const useAddress = (): ReportSearch =>
  parseReportSearch(useSearch({ strict: false }) as Record<string, unknown>)
