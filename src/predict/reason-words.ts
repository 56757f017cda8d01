/** Why a prediction is what it is, in words. */
import { featuresOf, type Feature } from './features.ts'
import type { Model } from '../relationship/model-schema.ts'
import type { PredictionReason } from '../domain/prediction-view.ts'
import type { StoredReason } from './prediction-queries.ts'

const count = (value: number, one: string, many: string): string =>
  `${Math.round(value)} ${Math.round(value) === 1 ? one : many}`
const amount = (value: number): string => String(Math.round(value * 100) / 100)

/** What stands in reasons besides features. */
const purchaseWords: Readonly<Record<string, (value: number) => string>> = {
  bought_days: (value) => `Bought on ${count(value, 'day', 'days')} so far`,
  last_ago: (value) => value < 1 ? 'Bought within the last day' : `The last purchase was ${count(value, 'day', 'days')} ago`,
  known_days: (value) => `First bought ${count(value, 'day', 'days')} ago`,
  usual_gap: (value) => `Usually ${count(value, 'day', 'days')} lie between two purchases`,
  alive: (value) => `Still a buyer with a chance of ${Math.round(value * 100)} %`,
  purchases: (value) => `${amount(value)} purchases to be expected`,
  spend: (value) => `${amount(value)} to be expected for one purchase`,
  mean_spend: (value) => `Paid ${amount(value)} on average so far`,
} // prettier-ignore

/** @param rungs  of the relationship model that serves */
export function reasonWords(rungs: Model['rungs']): (reasons: readonly StoredReason[]) => PredictionReason[] {
  const features = new Map<string, Feature>(featuresOf(rungs).map((feature) => [feature.id, feature]))
  return (reasons) =>
    reasons.flatMap(([id, value, effect]) => {
      const says = features.get(id)?.says ?? purchaseWords[id]
      return says === undefined ? [] : [{ says: says(value), direction: Math.sign(effect) }]
    })
} // prettier-ignore
