/** Models and their cards as the API tells them. */
import { definitionOf, models, quantitiesOf } from './catalogue.ts'
import { featuresOf } from './features.ts'
import { readFits, type StoredModel } from './model-queries.ts'
import type { Kysely } from 'kysely'
import type { Model } from '../relationship/model-schema.ts'
import type { ModelDefinition } from './catalogue.ts'
import type {
  PredictionCard,
  PredictionModelId,
  PredictionModelView,
} from '../domain/prediction-view.ts'

export async function modelViews(
  db: Kysely<unknown>,
  currency: string,
): Promise<PredictionModelView[]> {
  const fits = await readFits(db, null, 2)
  return models.map((definition) =>
    viewOf(
      definition,
      fits.filter(({ id }) => id === definition.id),
      currency,
    ),
  )
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

/** The fit that is told of: what serves; else the newest that has ended. */
function shownOf(fits: readonly StoredModel[]): StoredModel | undefined {
  return (
    fits.find(({ state }) => state === 'serving') ??
    fits.find(({ state }) => state === 'refused' || state === 'failed')
  )
}

function viewOf(
  definition: ModelDefinition,
  fits: readonly StoredModel[],
  currency: string,
): PredictionModelView {
  const { id, name, about } = definition
  const shown = shownOf(fits)
  const underWay = fits.find(({ state }) => state === 'fitting')
  const state =
    shown === undefined || shown.state === 'retired' ? (underWay ? 'fitting' : 'none') : shown.state
  return {
    ...{ id, name, about, state, gives: quantitiesOf(definition, currency) },
    version: shown?.version ?? underWay?.version ?? null,
    reason: shown?.reason ?? null,
    fitting: underWay ? { progress: underWay.progress, doing: underWay.doing } : null,
    asOf: iso(shown?.asOf ?? null),
    fittedAt: iso(shown?.fittedAt ?? null),
    milliseconds: shown?.milliseconds ?? null,
    scoredAt: iso(shown?.scoredAt ?? null),
    scored: shown?.scored ?? 0,
  }
}

export async function modelCard(db: Kysely<unknown>, id: PredictionModelId, { currency, rungs }: Pick<Model, 'currency' | 'rungs'>): Promise<PredictionCard> {
  const definition = definitionOf(id)
  const fits = await readFits(db, id)
  const shown = shownOf(fits)
  const card = shown?.card ?? null
  const names = new Map(featuresOf(rungs).map((feature) => [feature.id, feature.name]))
  return {
    ...viewOf(definition, fits, currency.base),
    ...{ method: card?.method ?? '', data: card?.data ?? [], checks: card?.checks ?? [] },
    ...{ backtest: card?.backtest ?? null, calibration: card?.calibration ?? [] },
    ...{ effects: card?.effects ?? [], parameters: card?.parameters ?? [], notes: card?.notes ?? [] },
    drift: shown?.drift ? { ...shown.drift, features: shown.drift.features.map((one) => ({ ...one, name: names.get(one.feature) ?? one.name })) } : null,
    versions: fits.map(({ version, state, fittedAt, reason, card: own }) => ({
      ...{ version, state, reason, fittedAt: iso(fittedAt) },
      measure: own?.backtest?.model ?? null,
      baseline: own?.backtest ? Math.min(...own.backtest.baselines.map(({ value }) => value)) : null,
    })),
  }
} // prettier-ignore
