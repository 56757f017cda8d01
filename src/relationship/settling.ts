/** The measures that rung, health and persona depend on: all that settling a standing has to read. */
import { traitMeasure } from './measure-table.ts'
import type { Condition, Model, Term } from './model-schema.ts'

export function settlingMeasures(model: Model): Set<string> {
  const found = new Set<string>(personaMeasures(model))
  const read = (term: Term): void => {
    if (term.measure !== undefined) found.add(term.measure)
    if (term.trust_balance) for (const name of Object.values(model.trust)) found.add(name)
    if (term.dimension !== undefined) model.dimensions[term.dimension]?.of.forEach(read)
  }
  const conditions = [
    ...model.rungs.map(({ when }) => when),
    ...[...model.health.red, ...model.health.yellow].map(({ when }) => when),
  ]
  for (const condition of conditions) termsOf(condition).forEach(read)
  return found
}

/** Measures that carry the traits which personas ask for. */
export function personaMeasures(model: Model): string[] {
  const traits = model.personas.flatMap(({ fit }) => fit.map(({ trait }) => trait))
  return [...new Set(traits.map(traitMeasure))]
}

function termsOf(condition: Condition): Term[] {
  if ('all' in condition) return condition.all.flatMap(termsOf)
  if ('any' in condition) return condition.any.flatMap(termsOf)
  return 'not' in condition ? termsOf(condition.not) : [condition]
}
