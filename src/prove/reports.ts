/** All reports, in the order of the menu. */
import { ladderFlows } from './reports/ladder-flows.ts'
import type { Report } from './report.ts'

export const reports: readonly Report[] = [ladderFlows]
