import type { ReportSearch } from './report-search.ts'

/** What the server is asked: how an answer is shown (`show-...`) stays on the page. */
export const askedOf = (search: ReportSearch): ReportSearch =>
  Object.fromEntries(Object.entries(search).filter(([name]) => !name.startsWith('show-')))
