import type { ReportAnswer } from '../../src/domain/report-view.ts'
import type { TrustPicture } from '../../src/domain/reports/trust.ts'

/** What each part of the page is given. */
export interface TrustPartProps {
  readonly answer: ReportAnswer<TrustPicture>
}
