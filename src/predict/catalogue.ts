/** Which models there are, what each gives, and how that is said. */
import type {
  PredictionModelId,
  QuantityId,
  QuantityUnit,
  QuantityView,
} from '../domain/prediction-view.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'
import { purchaseKinds } from './purchase-kinds.ts'

/** How far ahead is looked where nothing else is said. */
export const usualHorizonDays = 90

export interface Quantity {
  readonly id: QuantityId
  readonly name: string
  readonly about: string
  readonly unit: QuantityUnit
}

export interface ModelDefinition {
  readonly id: PredictionModelId
  readonly name: string
  readonly about: string
  readonly gives: readonly Quantity[]
}

export interface Propensity extends ModelDefinition {
  /** Kinds of touchpoints that are the outcome; null where it is where somebody stands. */
  readonly kinds: readonly TouchpointKind[] | null
}

const inTime = `within ${usualHorizonDays} days`

const chance = (id: QuantityId & PredictionModelId, name: string, about: string, kinds: readonly TouchpointKind[] | null): Propensity => ({
  ...{ id, name, about, kinds },
  gives: [{ id, name, about, unit: 'chance' }],
}) // prettier-ignore

/** Chances that something happens within the horizon, learned from who did so before. */
export const propensities: readonly Propensity[] = [
  chance('buy', 'Will buy', `Pays for something ${inTime}, be it again or for the first time.`, purchaseKinds),
  chance('review', 'Will write a review', `Writes a review or a testimonial ${inTime}.`, ['review', 'testimonial']),
  chance('refer', 'Will recommend', `Recommends you to somebody ${inTime}.`, ['referral', 'referral_converted']),
  chance('reference', 'Will give a reference', `Speaks for you as a reference, or tells their story, ${inTime}.`, ['reference', 'story', 'talk_given']),
  chance('next_rung', 'Will climb', `Stands on a higher rung of the ladder after ${usualHorizonDays} days.`, null),
  chance('churn', 'Will be lost', `A customer or better who after ${usualHorizonDays} days stands lower on the ladder, or in red health.`, null),
] // prettier-ignore

export const models: readonly ModelDefinition[] = [
  {
    id: 'purchases',
    name: 'Purchases',
    about: 'How often somebody buys while they stay, and whether they are still there.',
    gives: [
      { id: 'alive', name: 'Still a buyer', about: 'The chance that somebody who bought before has not left without saying so.', unit: 'chance' },
      { id: 'purchases', name: 'Expected purchases', about: `How many days with a purchase are to be expected ${inTime}.`, unit: 'count' },
    ],
  },
  ...propensities,
] // prettier-ignore

export const definitionOf = (id: PredictionModelId): ModelDefinition => {
  const found = models.find((model) => model.id === id)
  if (found === undefined) throw new RangeError(`There is no model ${id}.`)
  return found
}

/** @param currency  the base currency of the relationship model */
export function quantitiesOf(
  { id: model, gives }: Pick<ModelDefinition, 'id' | 'gives'>,
  currency: string,
): QuantityView[] {
  return gives.map((quantity) => ({
    ...quantity,
    model,
    currency: quantity.unit === 'money' ? currency : null,
  }))
}

export function quantityNamed(id: QuantityId, currency: string): QuantityView {
  const found = models
    .flatMap((model) => quantitiesOf(model, currency))
    .find((quantity) => quantity.id === id)
  if (found === undefined) throw new RangeError(`There is no quantity ${id}.`)
  return found
}
