/** Which touchpoints a model takes for choices, and which for looking around. */
import { RapportError } from '../../domain/error.ts'
import type { CompiledMeasure } from '../../relationship/measure-table.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { Condition, Term } from '../../relationship/model-schema.ts'

export interface LoyaltyLoop {
  /** The `recent` measure that keeps both. */
  readonly measure: CompiledMeasure
  /** Places of its entries, from 1. */
  readonly choices: readonly number[]
  readonly comparisons: readonly number[]
  readonly choiceKinds: readonly string[]
  readonly comparisonKinds: readonly string[]
}

/** The first term with `repeats` in the model says it; null where a model has none. */
export function loyaltyLoopOf({ declared, byId }: CompiledModel): LoyaltyLoop | null {
  const conditions = [...declared.rungs, ...declared.health.red, ...declared.health.yellow]
  const terms: Term[] = [
    ...Object.values(declared.dimensions).flatMap(({ of }) => of),
    ...conditions.flatMap(({ when }) => termsOf(when)),
  ]
  const term = terms.find(({ repeats, measure }) => repeats && measure && byId.has(measure))
  const measure = byId.get(term?.measure ?? '')
  if (!term?.repeats || measure?.declared.kind !== 'recent') return null
  const { choice, comparison } = term.repeats
  const places = (tag: string): number[] =>
    measure.declared.of.flatMap((entry, i) => ('tag' in entry && entry.tag === tag ? [i + 1] : []))
  const kinds = (some: readonly number[]): string[] => [
    ...new Set(some.flatMap((place) => measure.entries[place - 1]?.kinds ?? [])),
  ]
  const [choices, comparisons] = [places(choice), places(comparison)]
  return {
    ...{ measure, choices, comparisons },
    choiceKinds: kinds(choices),
    comparisonKinds: kinds(comparisons),
  }
}

function termsOf(condition: Condition): Term[] {
  if ('all' in condition) return condition.all.flatMap(termsOf)
  if ('any' in condition) return condition.any.flatMap(termsOf)
  return 'not' in condition ? termsOf(condition.not) : [condition]
}

/** @throws RapportError invalid_analysis where the model says nothing of it. */
export function requireLoyaltyLoop(model: CompiledModel): LoyaltyLoop {
  const loop = loyaltyLoopOf(model)
  if (loop) return loop
  throw new RapportError(
    'invalid_analysis',
    'The model says nothing of choices and comparisons. Add a `recent` measure with a tag for each, ' +
      'and a term with `repeats` that reads it; the playbooks show how.',
  )
}

/** Kinds by which people become customers. */
export const choiceKindsOf = (model: CompiledModel): readonly string[] =>
  loyaltyLoopOf(model)?.choiceKinds ?? ['purchase', 'subscription_started']
