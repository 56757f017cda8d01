/** What the pages of predictions ask of the server. */
import type { z } from 'zod'
import type {
  LikelyPage,
  partyPredictions,
  PredictionCard,
  PredictionModelView,
  PredictionSpread,
  QuantityView,
} from '../../src/domain/prediction-view.ts'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import { read, readKept, readPages, send } from '../api.ts'

export type PartyPredictions = z.infer<typeof partyPredictions>
export type Person = LikelyPage['people'][number]
export interface ModelList {
  readonly models: PredictionModelView[]
  readonly horizonDays: number
}

export interface LikelyFilter {
  readonly of: string
  readonly rung?: string | undefined
  readonly segment?: string | undefined
  readonly at_least?: number | undefined
  readonly at_most?: number | undefined
  readonly order?: string | undefined
}

/** While something is fitted it is looked at again so often; else the server tells of changes. */
const fittingMs = 1_500

export const predictionQueries = {
  models: () => ({
    ...readKept<ModelList>(['predictions', 'models'], '/api/predictions/models'),
    refetchInterval: (query: { state: { data?: ModelList | undefined } }) =>
      query.state.data?.models.some(({ fitting }) => fitting !== null) === true ? fittingMs : false,
  }),
  card: (id: string) => ({
    ...read<PredictionCard>(
      ['predictions', 'card', id],
      `/api/predictions/models/${encodeURIComponent(id)}`,
    ),
    refetchInterval: (query: { state: { data?: PredictionCard | undefined } }) =>
      query.state.data && query.state.data.fitting !== null ? fittingMs : false,
  }),
  likely: (filter: LikelyFilter, limit = 50) =>
    readPages<LikelyPage>(['predictions', 'likely', filter], '/api/predictions', {
      ...filter,
      limit,
    }),
  spread: (of: string) =>
    readKept<PredictionSpread>(['predictions', 'spread', of], '/api/predictions/spread', { of }),
  ofParty: (id: string) =>
    read<PartyPredictions>(
      ['party', id, 'predictions'],
      `/api/parties/${encodeURIComponent(id)}/predictions`,
    ),
}

export const fitModel = (id: string): Promise<PredictionModelView> =>
  send('POST', `/api/predictions/models/${encodeURIComponent(id)}/fit`)
export const fitAll = (): Promise<ModelList> => send('POST', '/api/predictions/fit')

/** The people of a list as a segment that follows the scores. */
export function makeSegmentOf(
  quantity: QuantityView,
  { at_least, at_most, rung, segment }: LikelyFilter,
  name: string,
): Promise<SegmentView> {
  const scale = quantity.unit === 'chance' ? 100 : 1
  const rule = (operator: string, value: number): object => ({
    field: `prediction.${quantity.id}`,
    operator,
    value: Number((value * scale).toPrecision(6)),
  })
  const rules = [
    ...(at_least === undefined && at_most === undefined ? [rule('at_least', 0)] : []),
    ...(at_least === undefined ? [] : [rule('at_least', at_least)]),
    ...(at_most === undefined ? [] : [rule('at_most', at_most)]),
    ...(rung === undefined ? [] : [{ field: 'rung', operator: 'equals', value: rung }]),
    ...(segment === undefined ? [] : [{ field: 'segment', operator: 'in', value: segment }]),
  ]
  return send('POST', '/api/segments', {
    ...{ name, kind: 'person', tree: { combinator: 'and', rules } },
    about: `Made from the predictions: ${quantity.about}`.slice(0, 500),
  })
}
