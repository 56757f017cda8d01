import { expect } from 'vitest'
import { levelValue } from '../../src/relationship/aggregates/decayed-sum.ts'
import type { CompiledModel } from '../../src/relationship/compile-model.ts'
import type { Pictures } from './pictures.ts'
import type { State } from '../../src/relationship/measure-table.ts'

/** Exactly equal, but for decayed sums: those take one rounding a merge. */
export function expectSamePictures(
  model: CompiledModel,
  told: Pictures,
  reference: Pictures,
  now: number,
): void {
  expect([...told.keys()].sort(), 'partition').toEqual([...reference.keys()].sort())
  for (const [name, wanted] of reference) {
    const { state: toldState, ...toldRest } = told.get(name) ?? { state: null }
    const { state: wantedState, ...wantedRest } = wanted
    expect(toldRest, `${wanted.kind} ${wanted.displayName}: ${name}`).toEqual(wantedRest)
    const label = `${wanted.kind} ${wanted.displayName}`
    if (wantedState === null) expect(toldState, label).toBeNull()
    else {
      expect(toldState, label).not.toBeNull()
      expectSameState(model, toldState ?? [], wantedState, { now, label })
    }
  }
}

function expectSameState(
  model: CompiledModel,
  told: State,
  wanted: State,
  { now, label }: { readonly now: number; readonly label: string },
): void {
  for (const { id, index, halfLife } of model.measures) {
    const [got, want] = [told[index], wanted[index]]
    if (halfLife === null || typeof want !== 'number' || typeof got !== 'number') {
      expect(got, `${label}: ${id}`).toEqual(want)
    } else {
      const ratio = levelValue(got, now, halfLife) / levelValue(want, now, halfLife)
      expect(Math.abs(ratio - 1), `${label}: ${id}`).toBeLessThan(1e-9)
    }
  }
}
