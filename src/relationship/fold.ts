/** The reference fold: touchpoints -> state. What PostgreSQL and ClickHouse do is held equal to it. */
import type { Cell, Mark } from './aggregate.ts'
import type { CompiledEntry } from './entry.ts'
import type { CompiledModel } from './compile-model.ts'
import type { State } from './measure-table.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

export const emptyState = (model: CompiledModel): State =>
  new Array<unknown>(model.measures.length).fill(null)

export interface Contribution {
  readonly entry: CompiledEntry
  readonly mark: Mark
}

/**
 * What a touchpoint adds, at most once a measure: the first entry that matches counts. Entries come
 * grouped by measure, in the order of the model.
 */
export function contributionsOf(model: CompiledModel, touchpoint: Touchpoint): Contribution[] {
  const contributions: Contribution[] = []
  eachContribution(model, touchpoint, (entry, mark) => contributions.push({ entry, mark }))
  return contributions
}

function eachContribution(
  model: CompiledModel,
  touchpoint: Touchpoint,
  visit: (entry: CompiledEntry, mark: Mark) => void,
): void {
  if (touchpoint.bot) return
  let counted = -1
  for (const entry of model.entries.byKind.get(touchpoint.kind) ?? model.entries.forAny) {
    if (entry.measureIndex === counted) continue
    const mark = entry.markOf(touchpoint)
    if (mark === null) continue
    counted = entry.measureIndex
    visit(entry, mark)
  }
}

/** Adds a touchpoint to a state, in place. */
export function addTouchpoint(model: CompiledModel, state: State, touchpoint: Touchpoint): void {
  eachContribution(model, touchpoint, ({ measureIndex }, mark) => {
    const { aggregate } = model.measures[measureIndex] as CompiledModel['measures'][number]
    const lifted = aggregate.lift(mark)
    if (lifted === null) return
    const present = state[measureIndex]
    state[measureIndex] = present === null ? lifted : aggregate.merge(present, lifted)
  })
}

export function foldTouchpoints(model: CompiledModel, touchpoints: Iterable<Touchpoint>): State {
  const state = emptyState(model)
  for (const touchpoint of touchpoints) addTouchpoint(model, state, touchpoint)
  return state
}

/** Merges two states into a new one; neither is changed. */
export function mergeStates(model: CompiledModel, left: State, right: State): State {
  return model.measures.map(({ aggregate }, index) => {
    const a = left[index] ?? null
    const b = right[index] ?? null
    if (a === null) return b
    return b === null ? a : aggregate.merge(a, b)
  })
}

/** A state from the cells of its columns, by column name. */
export function stateFromRow(model: CompiledModel, row: Readonly<Record<string, unknown>>): State {
  const state = emptyState(model)
  for (const { index, aggregate, columns } of model.measures) {
    const first = row[columns[0] ?? '']
    // Nearly all are: they are empty, or were not asked for.
    if (first === null || first === undefined) continue
    state[index] = aggregate.fromCells(columns.map((column) => (row[column] ?? null) as Cell))
  }
  return state
}
