/** Which models there are, what each gives, and how that is said. */
import type {
  PredictionModelId,
  QuantityId,
  QuantityUnit,
  QuantityView,
} from '../domain/prediction-view.ts'
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'
import { quantityNames } from '../domain/quantity.ts'
import { RapportError } from '../domain/error.ts'
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

const chance = (
  id: QuantityId & PredictionModelId,
  about: string,
  kinds: readonly TouchpointKind[] | null,
): Propensity => ({
  ...{ id, about, kinds, name: quantityNames[id].name },
  gives: [quantity(id, about)],
})

const quantity = (id: QuantityId, about: string): Quantity => ({ id, about, ...quantityNames[id] })

/** Chances that something happens within the horizon, learned from who did so before. */
export const propensities: readonly Propensity[] = [
  chance('buy', `Pays for something ${inTime}, be it again or for the first time.`, purchaseKinds),
  chance('review', `Writes a review or a testimonial ${inTime}.`, ['review', 'testimonial']),
  chance('refer', `Recommends you to somebody ${inTime}.`, ['referral', 'referral_converted']),
  chance('reference', `Speaks for you as a reference, or tells their story, ${inTime}.`, ['reference', 'story', 'talk_given']),
  chance('next_rung', `Stands on a higher rung of the ladder after ${usualHorizonDays} days.`, null),
  chance('churn', `A customer or better who after ${usualHorizonDays} days stands lower on the ladder, or in red health.`, null),
] // prettier-ignore

export const models: readonly ModelDefinition[] = [
  {
    id: 'purchases',
    name: 'Purchases',
    about: 'How often somebody buys while they stay, and whether they are still there.',
    gives: [
      quantity('alive', 'The chance that somebody who bought before has not left without saying so.'),
      quantity('purchases', `How many days with a purchase are to be expected ${inTime}.`),
    ],
  },
  {
    id: 'value',
    name: 'Value',
    about: 'What somebody is expected to spend: purchases to come, times what they pay for one.',
    gives: [
      quantity('value', `What somebody is expected to spend ${inTime}.`),
    ],
  },
  ...propensities,
] // prettier-ignore

export const definitionOf = (id: PredictionModelId): ModelDefinition => {
  const found = models.find((model) => model.id === id)
  if (found === undefined) throw new RapportError('internal', `There is no model ${id}.`)
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
  if (found === undefined) throw new RapportError('internal', `There is no quantity ${id}.`)
  return found
}
