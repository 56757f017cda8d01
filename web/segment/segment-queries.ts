/** What the pages of segments ask of the server. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  SegmentGroup,
  SegmentPreview,
  SegmentView,
  partySegments,
  segmentChangePage,
  segmentFields,
  segmentOverlap,
  segmentPreset,
  segmentWhy,
} from '../../src/domain/segment-view.ts'
import { read, readKept, readPages, send } from '../api.ts'

export type PartyKind = SegmentView['kind']
export type Fields = z.infer<typeof segmentFields>
export type Preset = z.infer<typeof segmentPreset>
export type Why = z.infer<typeof segmentWhy>
export type Change = z.infer<typeof segmentChangePage>['changes'][number]

export interface SegmentDraft {
  readonly name: string
  readonly about: string
  readonly kind: PartyKind
  readonly tree: SegmentGroup
}

const path = (id: string): string => `/api/segments/${encodeURIComponent(id)}`
/** While one is being built it is looked at again so often; else the server tells of changes. */
const buildingMs = 1_500
/** While everybody is being counted behind an estimate. */
const countingMs = 1_500

export const segmentQueries = {
  all: () => ({
    ...readKept<{ segments: SegmentView[] }>(['segments'], '/api/segments'),
    refetchInterval: (query: { state: { data?: { segments: SegmentView[] } | undefined } }) =>
      query.state.data?.segments.some(({ state }) => state === 'building') === true
        ? buildingMs
        : false,
  }),
  one: (id: string) => ({
    ...read<SegmentView>(['segment', id], path(id)),
    refetchInterval: (query: { state: { data?: SegmentView | undefined } }) =>
      query.state.data?.state === 'building' ? buildingMs : false,
  }),
  fields: (kind: PartyKind) => ({
    ...readKept<Fields>(['segment-fields', kind], '/api/segments/fields', { kind }),
    staleTime: 60_000,
  }),
  presets: () => ({
    ...read<{ presets: Preset[] }>(['segment-presets'], '/api/segments/presets'),
    staleTime: Infinity,
  }),
  preview: (kind: PartyKind, tree: SegmentGroup) => ({
    ...queryOptions({
      queryKey: ['segment-preview', kind, tree],
      queryFn: () => send<SegmentPreview>('POST', '/api/segments/preview', { kind, tree }),
      placeholderData: keepPreviousData,
    }),
    refetchInterval: (query: { state: { data?: SegmentPreview | undefined } }) =>
      query.state.data?.final === false ? countingMs : false,
  }),
  changes: (id: string) =>
    readPages<z.infer<typeof segmentChangePage>>(['segment', id, 'changes'], `${path(id)}/changes`),
  overlap: (ids: readonly string[]) =>
    readKept<z.infer<typeof segmentOverlap>>(
      ['segments', 'overlap', ids],
      '/api/segments/overlap',
      {
        ids: ids.join(','),
      },
    ),
  why: (id: string, party: string, at: string | undefined) =>
    read<Why>(['segment', id, 'why', party, at], `${path(id)}/why`, { party, at }),
  ofParty: (party: string) =>
    read<z.infer<typeof partySegments>>(
      ['party', party, 'segments'],
      `/api/parties/${encodeURIComponent(party)}/segments`,
    ),
}

export const makeSegment = (draft: SegmentDraft): Promise<SegmentView> =>
  send('POST', '/api/segments', draft)

/** Refused where somebody else made another version meanwhile. */
export const changeSegment = (
  id: string,
  { name, about, tree }: Omit<SegmentDraft, 'kind'>,
  version: number,
): Promise<SegmentView> => send('PUT', path(id), { name, about, tree, version })

export const removeSegment = (id: string): Promise<null> => send('DELETE', path(id))
