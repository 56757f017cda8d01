/** The page of each report, fetched when it is opened. */
import { type ComponentType, lazy, type LazyExoticComponent } from 'react'

export const reportPages: Readonly<Record<string, LazyExoticComponent<ComponentType>>> = {
  'ladder-flows': lazy(async () => ({
    default: (await import('./ladder-flows.tsx')).LadderFlowsPage,
  })),
  paths: lazy(async () => ({ default: (await import('./paths.tsx')).PathsPage })),
  funnel: lazy(async () => ({ default: (await import('./funnel.tsx')).FunnelPage })),
  retention: lazy(async () => ({ default: (await import('./retention.tsx')).RetentionPage })),
  attribution: lazy(async () => ({ default: (await import('./attribution.tsx')).AttributionPage })),
  network: lazy(async () => ({ default: (await import('./network.tsx')).NetworkPage })),
  milestones: lazy(async () => ({ default: (await import('./milestones.tsx')).MilestonesPage })),
  reach: lazy(async () => ({ default: (await import('./reach.tsx')).ReachPage })),
  loyalty: lazy(async () => ({ default: (await import('./loyalty.tsx')).LoyaltyPage })),
  trust: lazy(async () => ({ default: (await import('./trust.tsx')).TrustPage })),
}
