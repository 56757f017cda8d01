/** What is predicted of people: names and units, for whoever speaks of it. */
import { quantityIds, type QuantityId, type QuantityUnit } from './prediction-view.ts'

export interface QuantityName {
  readonly name: string
  readonly unit: QuantityUnit
}

export const quantityNames: Readonly<Record<QuantityId, QuantityName>> = {
  alive: { name: 'Still a buyer', unit: 'chance' },
  purchases: { name: 'Expected purchases', unit: 'count' },
  value: { name: 'Expected value', unit: 'money' },
  buy: { name: 'Will buy', unit: 'chance' },
  review: { name: 'Will write a review', unit: 'chance' },
  refer: { name: 'Will recommend', unit: 'chance' },
  reference: { name: 'Will give a reference', unit: 'chance' },
  next_rung: { name: 'Will climb', unit: 'chance' },
  churn: { name: 'Will be lost', unit: 'chance' },
}

/** From a text such as that of a field; null where there is no such quantity. */
export const quantityIdOf = (text: string): QuantityId | null =>
  quantityIds.find((id) => id === text) ?? null
