/** Every page with its address. A page's code is fetched when it is opened or pointed at. */
import type { FetchQueryOptions, QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { makeQueryClient } from './query-client.ts'
import { queries } from '../api.ts'
import { parsePartySearch, parsePartyView, text } from '../measure/party-search.ts'
import { parseExploreSearch } from '../prove/explore-search.ts'
import { predictionQueries } from '../predict/prediction-queries.ts'
import { parsePredictionsSearch } from '../predict/predictions-search.ts'
import { dashboardQueries } from '../prove/dashboard-queries.ts'
import { parseReportSearch } from '../prove/report-search.ts'
import { segmentQueries } from '../segment/segment-queries.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { Broken, ShellFrame } from './shell-frame.tsx'
import { Shell } from './shell.tsx'

interface Context {
  readonly queryClient: QueryClient
}

/**
 * Data is asked for at the same time as the page's code, and already when a link is pointed at.
 * Nothing waits for it here: the page shows what it has.
 */
function fetchAhead(
  { queryClient }: Context,
  wanted: readonly { queryKey: readonly unknown[]; queryFn?: unknown }[],
): void {
  for (const query of wanted) void queryClient.prefetchQuery(query as FetchQueryOptions)
}

function fetchParty(context: Context, id: string): void {
  fetchAhead(context, [queries.party(id), queries.calendar(id), queries.transitions(id)])
}

interface SourcesView {
  readonly tab?: string | undefined
  readonly source?: string | undefined
}

const root = createRootRouteWithContext<Context>()({
  component: Outlet,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { next?: string | undefined } => ({
    next: text(raw['next']),
  }),
  component: lazyRouteComponent(() => import('./sign-in-page.tsx'), 'SignInPage'),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: (raw: Record<string, unknown>): { token?: string | undefined } => ({
    token: text(raw['token']),
  }),
  component: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage'),
})

/** Everything behind it is for those who are signed in. */
const team = createRoute({
  getParentRoute: () => root,
  id: 'team',
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(queries.session())
    if (!session.user) throw redirect({ to: '/sign-in', search: { next: location.href } })
  },
  component: Shell,
  pendingComponent: ShellFrame,
  pendingMs: 0,
})

const home = createRoute({
  getParentRoute: () => team,
  path: '/',
  loader: ({ context }) => {
    fetchAhead(context, [queries.ladder(), queries.healthCalendar(), queries.reach()])
    fetchAhead(context, [queries.movers('rose'), queries.movers('slipped')])
  },
  component: lazyRouteComponent(() => import('./home-page.tsx'), 'HomePage'),
})

const people = createRoute({
  getParentRoute: () => team,
  path: '/people',
  validateSearch: parsePartySearch,
  component: lazyRouteComponent(() => import('./parties-pages.tsx'), 'PeoplePage'),
})

const duplicates = createRoute({
  getParentRoute: () => team,
  path: '/people/duplicates',
  component: lazyRouteComponent(() => import('./parties-pages.tsx'), 'DuplicatesPage'),
})

const accounts = createRoute({
  getParentRoute: () => team,
  path: '/accounts',
  validateSearch: parsePartySearch,
  component: lazyRouteComponent(() => import('./parties-pages.tsx'), 'AccountsPage'),
})

const segments = createRoute({
  getParentRoute: () => team,
  path: '/segments',
  loader: ({ context }) => fetchAhead(context, [segmentQueries.all(), segmentQueries.presets()]),
  component: lazyRouteComponent(() => import('./segments-pages.tsx'), 'SegmentsPage'),
})

const newSegment = createRoute({
  getParentRoute: () => team,
  path: '/segments/new',
  validateSearch: (raw: Record<string, unknown>): { preset?: string | undefined } => ({
    preset: text(raw['preset']),
  }),
  component: lazyRouteComponent(() => import('./segments-pages.tsx'), 'NewSegmentPage'),
})

const segment = createRoute({
  getParentRoute: () => team,
  path: '/segments/$segmentId',
  validateSearch: (raw: Record<string, unknown>): { tab?: string | undefined } => ({
    tab: text(raw['tab']),
  }),
  loader: ({ context, params }) => fetchAhead(context, [segmentQueries.one(params.segmentId)]),
  component: lazyRouteComponent(() => import('./segments-pages.tsx'), 'SegmentPage'),
})

const predictions = createRoute({
  getParentRoute: () => team,
  path: '/predictions',
  validateSearch: parsePredictionsSearch,
  loader: ({ context }) => fetchAhead(context, [predictionQueries.models()]),
  component: lazyRouteComponent(() => import('../predict/predictions-page.tsx'), 'PredictionsPage'),
})

const predictionModel = createRoute({
  getParentRoute: () => team,
  path: '/predictions/$modelId',
  loader: ({ context, params }) => fetchAhead(context, [predictionQueries.card(params.modelId)]),
  component: lazyRouteComponent(() => import('../predict/model-card-page.tsx'), 'ModelCardPage'),
})

const person = createRoute({
  getParentRoute: () => team,
  path: '/people/$partyId',
  validateSearch: parsePartyView,
  loader: ({ context, params }) => fetchParty(context, params.partyId),
  component: lazyRouteComponent(() => import('./party-page.tsx'), 'PartyPage'),
})

const account = createRoute({
  getParentRoute: () => team,
  path: '/accounts/$partyId',
  validateSearch: parsePartyView,
  loader: ({ context, params }) => fetchParty(context, params.partyId),
  component: lazyRouteComponent(() => import('./party-page.tsx'), 'PartyPage'),
})

const sources = createRoute({
  getParentRoute: () => team,
  path: '/sources',
  validateSearch: (raw: Record<string, unknown>): SourcesView => ({
    tab: text(raw['tab']),
    source: text(raw['source']),
  }),
  component: lazyRouteComponent(() => import('../collect/sources-page.tsx'), 'SourcesPage'),
})

const source = createRoute({
  getParentRoute: () => team,
  path: '/sources/$sourceId',
  component: lazyRouteComponent(() => import('../collect/source-page.tsx'), 'SourcePage'),
})

const imports = createRoute({
  getParentRoute: () => team,
  path: '/import',
  component: lazyRouteComponent(() => import('../collect/import-page.tsx'), 'ImportPage'),
})

const model = createRoute({
  getParentRoute: () => team,
  path: '/model',
  validateSearch: (raw: Record<string, unknown>): { tab?: string | undefined } => ({
    tab: text(raw['tab']),
  }),
  component: lazyRouteComponent(() => import('../measure/model-page.tsx'), 'ModelPage'),
})

const reports = createRoute({
  getParentRoute: () => team,
  path: '/reports',
  component: lazyRouteComponent(() => import('../prove/reports-page.tsx'), 'ReportsPage'),
})

const report = createRoute({
  getParentRoute: () => team,
  path: '/reports/$reportId',
  validateSearch: parseReportSearch,
  component: lazyRouteComponent(() => import('../prove/reports-page.tsx'), 'ReportPage'),
})

const explore = createRoute({
  getParentRoute: () => team,
  path: '/explore',
  validateSearch: parseExploreSearch,
  component: lazyRouteComponent(() => import('../prove/explore-page.tsx'), 'ExplorePage'),
})

const dashboards = createRoute({
  getParentRoute: () => team,
  path: '/dashboards',
  loader: ({ context }) => fetchAhead(context, [dashboardQueries.all()]),
  component: lazyRouteComponent(() => import('../prove/dashboards-page.tsx'), 'DashboardsPage'),
})

const dashboard = createRoute({
  getParentRoute: () => team,
  path: '/dashboards/$dashboardId',
  loader: ({ context, params }) => fetchAhead(context, [dashboardQueries.one(params.dashboardId)]),
  component: lazyRouteComponent(() => import('../prove/dashboard-page.tsx'), 'DashboardPage'),
})

const settings = createRoute({
  getParentRoute: () => team,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
})

/** Any other address: told inside the app, where one can go on. */
const elsewhere = createRoute({
  getParentRoute: () => team,
  path: '$',
  component: NotFoundPage,
})

const routeTree = root.addChildren([
  signIn,
  welcome,
  team.addChildren([
    home,
    people,
    duplicates,
    person,
    accounts,
    account,
    segments,
    newSegment,
    segment,
    predictions,
    predictionModel,
    sources,
    source,
    imports,
    model,
    reports,
    report,
    dashboards,
    dashboard,
    explore,
    settings,
    elsewhere,
  ]),
])

export function makeRouter() {
  const queryClient = makeQueryClient(() => void router.invalidate())
  const router = createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  })
  return { router, queryClient }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>['router']
  }
}
