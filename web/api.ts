/**
 * Everything that the web app asks of the server. Answers have the types of `src/domain/view.ts`;
 * errors are problem documents (RFC 9457) and thrown as `ApiProblem`.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  EvidenceView,
  PartyDetail,
  touchpointPage,
  TrustStatement,
} from '../src/domain/view.ts'
import type { ExploreAnswer, ExploreSchema } from '../src/domain/explore-view.ts'
import type { LadderView, TransitionView } from '../src/domain/ladder-view.ts'
import type { ReportAnswer, reportListing } from '../src/domain/report-view.ts'
import type { SegmentView } from '../src/domain/segment-view.ts'
import type { ImportView } from '../src/domain/import-view.ts'
import type {
  ApiKey,
  CurrentModel,
  HealthCountDay,
  HealthDay,
  IdentityDecision,
  Mover,
  PartyPage,
  Playbook,
  Reach,
  RecentTouchpoint,
  RejectPage,
  Session,
  Source,
} from './answers.ts'

/** A problem document, as the server answered it. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  /** Single faults with their places, where the server names them (`errors` of the document). */
  faults: readonly Fault[] = []

  constructor(status: number, code: string, title: string, detail: string) {
    super(title)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.detail = detail
  }
}

export interface Fault {
  readonly path: string
  readonly message: string
}

function faultsIn(body: unknown): Fault[] {
  const errors: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, 'errors') : []
  const isFault = (one: unknown): one is Fault =>
    typeof one === 'object' && one !== null && typeof Reflect.get(one, 'path') === 'string'
  return Array.isArray(errors) ? errors.filter(isFault) : []
}

/** What went wrong, in one sentence for a person. */
export function sayProblem(error: unknown): string {
  if (error instanceof ApiProblem) return `${error.message} ${error.detail}`.trim()
  if (error instanceof TypeError) return 'The server cannot be reached. Is it running?'
  return error instanceof Error ? error.message : 'Something went wrong.'
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  const field = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null
    return typeof value === 'string' ? value : ''
  }
  const title = field('title') || field('message') || `The server answered ${response.status}.`
  const code = field('code') || 'unknown'
  const problem = new ApiProblem(response.status, code, title, field('detail'))
  problem.faults = faultsIn(body)
  return problem
}

/** One request. `T` is what the server promises; it checks its answers against the same schema. */
export async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  const plain = body instanceof FormData || body instanceof Blob
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined || plain ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
    // Requests made while the page is being left (the end of an undo) still arrive.
    keepalive: !plain && method !== 'GET',
  })
  if (!response.ok) throw await problemOf(response)
  const text = await response.text()
  return (text === '' ? null : JSON.parse(text)) as T
}

type Parameters = Record<string, string | number | undefined | null>

function address(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  return query.size === 0 ? path : `${path}?${query}`
}

/** What is answered as a file; a problem is thrown. */
export async function readFile(path: string, parameters: Parameters): Promise<Blob> {
  const response = await fetch(address(path, parameters))
  if (!response.ok) throw await problemOf(response)
  return response.blob()
}

/** Address of a table of a report as a file, for a link. */
export const reportExport = (
  id: string,
  search: Parameters,
  file: { table: string; format: string },
): string => address(`/api/reports/${id}/export`, { ...search, ...file })

/** A question in SQL. */
export const askExplore = (sql: string): Promise<ExploreAnswer> =>
  send<ExploreAnswer>('POST', '/api/explore', { sql })

/** Address of the answer to a question in SQL as a file, for a link. */
export const exploreExport = (sql: string, format: string): string =>
  address('/api/explore/export', { sql, format })

/** What belongs to one party: never shown under the next one's name, not even for a moment. */
export const read = <T>(key: readonly unknown[], path: string, parameters?: Parameters) =>
  queryOptions({
    queryKey: key,
    queryFn: () => send<T>('GET', address(path, parameters)),
  })

/** What all look at: with other parameters, the old answer stands until the new one is there. */
export const readKept = <T>(key: readonly unknown[], path: string, parameters?: Parameters) =>
  queryOptions({
    queryKey: key,
    queryFn: () => send<T>('GET', address(path, parameters)),
    placeholderData: keepPreviousData,
  })

/** Pages of a list, newest first, each naming where the next one starts. */
export const readPages = <T extends { next: string | null }>(
  key: readonly unknown[],
  path: string,
  parameters: Parameters = {},
) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => send<T>('GET', address(path, { ...parameters, cursor: pageParam })),
    initialPageParam: null as string | null,
    getNextPageParam: (page: T) => page.next,
    placeholderData: keepPreviousData,
  })

export type PartyFilter = {
  kind: 'person' | 'account'
  search?: string | undefined
  rung?: string | undefined
  health?: string | undefined
  persona?: string | undefined
  account?: string | undefined
  segment?: string | undefined
  sort?: string | undefined
}
type SegmentName = Pick<SegmentView, 'id' | 'name' | 'kind'>
export type TouchpointFilter = { kind?: string | undefined; channel?: string | undefined }
const partyPath = (id: string) => `/api/parties/${encodeURIComponent(id)}`

export const queries = {
  session: () => ({ ...read<Session>(['session'], '/api/session'), staleTime: 300_000 }),
  ladder: (days = 7) => readKept<LadderView>(['ladder', days], '/api/ladder', { days }),
  healthCalendar: (days = 182) =>
    readKept<{ days: HealthCountDay[] }>(['health-calendar', days], '/api/health-calendar', {
      days,
    }),
  movers: (direction: 'rose' | 'slipped', limit = 8) =>
    readKept<{ movers: Mover[] }>(['movers', direction, limit], '/api/movers', {
      direction,
      days: 7,
      limit,
    }),
  reach: (days = 30) => readKept<Reach>(['reach', days], '/api/reach', { days }),
  parties: (filter: PartyFilter, limit = 100) =>
    readPages<PartyPage>(['parties', filter, limit], '/api/parties', { ...filter, limit }),
  partySearch: (search: string, kind: 'person' | 'account', limit = 8) =>
    readKept<PartyPage>(['parties', 'search', search, kind, limit], '/api/parties', {
      search,
      kind,
      limit,
    }),
  segmentNames: () => readKept<{ segments: SegmentName[] }>(['segments'], '/api/segments'),
  reports: () => readKept<z.infer<typeof reportListing>>(['reports'], '/api/reports'),
  report: <Picture>(id: string, search: Parameters) => ({
    ...readKept<ReportAnswer<Picture>>(['report', id, search], `/api/reports/${id}`, search),
    staleTime: 60_000,
    // History that is being made ready is asked for again until it is.
    retry: (count: number, error: unknown) =>
      error instanceof ApiProblem ? error.code === 'lens_filling' && count < 600 : count < 2,
    retryDelay: 1_000,
  }),
  exploreSchema: () => ({
    ...readKept<ExploreSchema>(['explore', 'schema'], '/api/explore/schema'),
    staleTime: 600_000,
  }),
  party: (id: string) => read<PartyDetail>(['party', id], partyPath(id)),
  touchpoints: (id: string, filter: TouchpointFilter) =>
    readPages<z.infer<typeof touchpointPage>>(
      ['party', id, 'touchpoints', filter],
      `${partyPath(id)}/touchpoints`,
      filter,
    ),
  trust: (id: string) =>
    readPages<TrustStatement>(['party', id, 'trust'], `${partyPath(id)}/trust`),
  evidence: (id: string, of: string) =>
    read<EvidenceView>(['party', id, 'evidence', of], `${partyPath(id)}/evidence`, { of }),
  calendar: (id: string, days = 182) =>
    read<{ days: HealthDay[] }>(['party', id, 'calendar', days], `${partyPath(id)}/calendar`, {
      days,
    }),
  transitions: (id: string) =>
    read<{ transitions: TransitionView[] }>(
      ['party', id, 'transitions'],
      `${partyPath(id)}/transitions`,
    ),
  identity: (id: string) =>
    read<{ decisions: IdentityDecision[] }>(['party', id, 'identity'], `${partyPath(id)}/identity`),
  sources: () => read<{ sources: Source[] }>(['sources'], '/api/sources'),
  recent: (source?: string, limit = 50) =>
    readKept<{ touchpoints: RecentTouchpoint[] }>(
      ['recent', source, limit],
      '/api/touchpoints/recent',
      { source, limit },
    ),
  rejects: (source?: string) =>
    readPages<RejectPage>(['rejects', source], '/api/rejects', { source }),
  imports: () => read<{ imports: ImportView[] }>(['imports'], '/api/imports'),
  keys: () => read<{ keys: ApiKey[] }>(['keys'], '/api/keys'),
  model: () => ({ ...read<CurrentModel>(['model'], '/api/model'), staleTime: 60_000 }),
  playbooks: () => read<{ playbooks: Playbook[] }>(['playbooks'], '/api/model/playbooks'),
}
