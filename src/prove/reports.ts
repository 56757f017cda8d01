/** All reports, in the order of the menu. */
import { attribution } from './reports/attribution.ts'
import { funnel } from './reports/funnel.ts'
import { ladderFlows } from './reports/ladder-flows.ts'
import { loyalty } from './reports/loyalty.ts'
import { milestones } from './reports/milestones.ts'
import { network } from './reports/network.ts'
import { paths } from './reports/paths.ts'
import { reach } from './reports/reach.ts'
import { retention } from './reports/retention.ts'
import { trust } from './reports/trust.ts'
import type { Report } from './report.ts'

export const reports: readonly Report[] = [
  ladderFlows,
  paths,
  funnel,
  retention,
  attribution,
  milestones,
  reach,
  loyalty,
  trust,
  network,
]
