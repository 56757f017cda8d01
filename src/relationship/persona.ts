import { readSortableMark } from './aggregate.ts'
import { testHolds } from './filter.ts'
import { traitMeasure } from './measure-table.ts'
import type { Json } from '../domain/touchpoint.ts'
import type { MeasureTable, State } from './measure-table.ts'

export interface PersonaFit {
  readonly id: string
  readonly name: string
  /** Share of the persona's weights that hold, 0..100. */
  readonly fit: number
}

/** The best fitting persona, or null where the model has none. */
export function personaFit(table: MeasureTable, state: State): PersonaFit | null {
  let best: PersonaFit | null = null
  for (const { id, name, fit } of table.declared.personas) {
    let held = 0
    let total = 0
    for (const { trait, test, weight } of fit) {
      total += weight
      if (testHolds(traitValue(table, state, trait), test)) held += weight
    }
    const share = (100 * held) / total
    if (best === null || share > best.fit) best = { id, name, fit: share }
  }
  return best
}

/**
 * A trait as the state carries it: text, or the number or boolean that the text spells. A text that
 * a number would spell otherwise ("007", "1.50") stays what it is.
 */
function traitValue(table: MeasureTable, state: State, trait: string): Json | undefined {
  const measure = table.byId.get(traitMeasure(trait))
  const held = measure ? state[measure.index] : null
  if (typeof held !== 'string') return undefined
  const { text } = readSortableMark(held)
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return String(number) === text && Number.isFinite(number) ? number : text
}
