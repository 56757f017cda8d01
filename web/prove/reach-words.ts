import type { ReachGroup, ReachPicture } from '../../src/domain/reports/reach.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { words } from '../domain/words.ts'
import { formatNumber } from '../ui/number.ts'
import type { ReportSearch } from './report-search.ts'

/** What each part of the page is given. */
export interface ReachPartProps {
  readonly answer: ReportAnswer<ReachPicture>
  readonly search: ReportSearch
  readonly change: (change: ReportSearch) => void
}

/** A campaign keeps the name that was given to it; a channel is a word of ours. */
export const groupName = ({ kind, id }: Pick<ReachGroup, 'kind' | 'id'>): string =>
  kind === 'campaign' ? id : words(id)

export const groupId = ({ kind, id }: Pick<ReachGroup, 'kind' | 'id'>): string => `${kind}:${id}`

export const percent = (share: number): string =>
  `${formatNumber(share * 100, Math.abs(share) < 0.1 ? 1 : 0)} %`

/** `12 % (10 to 15)` */
export const interval = ({ low, high }: { low: number; high: number }): string =>
  `${formatNumber(low * 100, low < 0.1 ? 1 : 0)} to ${percent(high)}`
