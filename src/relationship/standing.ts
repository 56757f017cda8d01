/** Where a relationship stands: rung and health, as pure functions of (state, now). */
import type { CompiledModel } from './compile-model.ts'
import type { State } from './measure-table.ts'
import type { HealthColour } from '../domain/view.ts'

export interface Standing {
  /** Place of the rung in the model, 0 lowest. */
  readonly rung: number
  readonly health: HealthColour
  /** When time alone may change rung or health next (milliseconds), or null. */
  readonly wakeAt: number | null
}

/** The highest rung whose conditions hold; entry is possible anywhere, so none below is asked. */
export function rungOf(model: CompiledModel, state: State, now: number): number {
  for (let rung = model.rungs.length - 1; rung > 0; rung--) {
    if (model.rungs[rung]?.when.holds(state, now)) return rung
  }
  return 0
}

export function healthOf(model: CompiledModel, state: State, now: number): HealthColour {
  if (model.red.some(({ when }) => when.holds(state, now))) return 'red'
  return model.yellow.some(({ when }) => when.holds(state, now)) ? 'yellow' : 'green'
}

/** The reasons of the present colour, worst first. Empty for green. */
export function healthReasons(model: CompiledModel, state: State, now: number): string[] {
  return [...model.red, ...model.yellow]
    .filter(({ when }) => when.holds(state, now))
    .map(({ because }) => because)
}

/**
 * The earliest flip of a condition that could change the standing: of the present rung and those
 * above it, and of the alarms that decide the colour. It may turn out to change nothing; then the
 * next one is computed. It is never late.
 */
export function wakeTime(
  model: CompiledModel,
  state: State,
  now: number,
  { rung, health }: Pick<Standing, 'rung' | 'health'>,
): number | null {
  let time = Infinity
  // The lowest rung holds always, and no condition below the present one matters before it breaks.
  for (let i = Math.max(1, rung); i < model.rungs.length; i++) {
    time = Math.min(time, model.rungs[i]?.when.flipsAt(state, now) ?? Infinity)
  }
  for (const { when } of model.red) time = Math.min(time, when.flipsAt(state, now))
  if (health !== 'red') {
    for (const { when } of model.yellow) time = Math.min(time, when.flipsAt(state, now))
  }
  return Number.isFinite(time) ? Math.ceil(time) : null
}

export function standingOf(model: CompiledModel, state: State, now: number): Standing {
  const rung = rungOf(model, state, now)
  const health = healthOf(model, state, now)
  return { rung, health, wakeAt: wakeTime(model, state, now, { rung, health }) }
}

const colourOrder: Record<HealthColour, number> = { red: 0, yellow: 1, green: 2 }

/** 1 where `to` is better than `from`, -1 where it is worse. */
export function healthDirection(from: HealthColour, to: HealthColour): number {
  return Math.sign(colourOrder[to] - colourOrder[from])
}
