/**
 * Areas under the two curves of uplift, normalised as scikit-uplift does: what lies between the curve
 * and the straight line of a random order, as a share of what a perfect order would have between.
 *
 * After k rows by falling score, of which T treated with Y_T outcomes and C controls with Y_C:
 *   Qini curve   Y_T - Y_C T / C            (N. Radcliffe, "Using control groups to target on predicted
 *                                           lift", Direct Marketing Analytics Journal, 2007)
 *   uplift curve (Y_T / T - Y_C / C) k      (P. Gutierrez and J.-Y. Gerardy, "Causal inference and uplift
 *                                           modelling", PMLR 67, 2017, section 4.2)
 * a ratio over nobody counting 0; points where the score changes, straight lines between. Perfect orders
 * as in F. Devriendt, T. Guns and W. Verbeke, "Learning to rank for uplift modeling", 2020: for Qini
 * treated with outcome, those without in either arm, controls with outcome; for uplift treated with,
 * controls without, then the larger of controls with and treated without.
 */
import type { RankedRows } from './rank-rows.ts'
import { cellsOfStep, type ScoreSteps } from './score-steps.ts'

export interface UpliftAreas {
  /** Qini coefficient: 0 of a random order, 1 of a perfect one. Null where no order differs. */
  readonly qini: number | null
  /** Area under the uplift curve, likewise. */
  readonly uplift: number | null
  /** Outcomes gained a row by going by the score rather than at random, mean over all depths. */
  readonly gain: number
}

/** Counts so far, and twice the areas so far, each kept with what rounding took from it. */
class Walk {
  treated = 0
  treatedOutcomes = 0
  control = 0
  controlOutcomes = 0
  qini = 0
  uplift = 0
  #qiniValue = 0
  #upliftValue = 0
  #rows = 0
  #qiniLost = 0
  #upliftLost = 0

  /** A point of the curves is here. */
  point(): void {
    const rows = this.treated + this.control
    const width = rows - this.#rows
    const ratio = this.control === 0 ? 0 : this.treated / this.control
    const qini = this.treatedOutcomes - this.controlOutcomes * ratio
    const treatedRate = this.treated === 0 ? 0 : this.treatedOutcomes / this.treated
    const controlRate = this.control === 0 ? 0 : this.controlOutcomes / this.control
    const uplift = (treatedRate - controlRate) * rows
    // Compensated sums (W. Kahan, 1965): a million points shall cost no digits.
    const moreQini = width * (qini + this.#qiniValue) - this.#qiniLost
    const nextQini = this.qini + moreQini
    this.#qiniLost = nextQini - this.qini - moreQini
    this.qini = nextQini
    const moreUplift = width * (uplift + this.#upliftValue) - this.#upliftLost
    const nextUplift = this.uplift + moreUplift
    this.#upliftLost = nextUplift - this.uplift - moreUplift
    this.uplift = nextUplift
    this.#qiniValue = qini
    this.#upliftValue = uplift
    this.#rows = rows
  }

  /** Twice the areas under straight lines from 0 to the last point. */
  straight(): { readonly qini: number; readonly uplift: number } {
    return { qini: this.#rows * this.#qiniValue, uplift: this.#rows * this.#upliftValue }
  }
}

export function areasOfRows({ cells, ends }: RankedRows): UpliftAreas {
  const walk = new Walk()
  let [treated, treatedOutcomes, control, controlOutcomes] = [0, 0, 0, 0]
  for (let rank = 0; rank < cells.length; rank++) {
    const cell = cells[rank] ?? 0
    const outcome = cell & 1
    if (cell > 1) {
      treated++
      treatedOutcomes += outcome
    } else {
      control++
      controlOutcomes += outcome
    }
    if (ends[rank] !== 1) continue
    walk.treated = treated
    walk.treatedOutcomes = treatedOutcomes
    walk.control = control
    walk.controlOutcomes = controlOutcomes
    walk.point()
  }
  return normalised(walk)
}

export function areasOfSteps(steps: ScoreSteps): UpliftAreas {
  const walk = new Walk()
  for (let at = 0; at < steps.length; at += cellsOfStep) addStep(walk, steps, at)
  return normalised(walk)
}

function addStep(walk: Walk, steps: ScoreSteps, at: number): void {
  const controlYes = steps[at + 1] ?? 0
  const treatedYes = steps[at + 3] ?? 0
  walk.control += (steps[at] ?? 0) + controlYes
  walk.controlOutcomes += controlYes
  walk.treated += (steps[at + 2] ?? 0) + treatedYes
  walk.treatedOutcomes += treatedYes
  walk.point()
}

function normalised(walk: Walk): UpliftAreas {
  const { treated, treatedOutcomes, control, controlOutcomes } = walk
  const controlNo = [control - controlOutcomes, 0, 0, 0]
  const controlYes = [0, controlOutcomes, 0, 0]
  const treatedNo = [0, 0, treated - treatedOutcomes, 0]
  const treatedYes = [0, 0, 0, treatedOutcomes]
  const neither = [control - controlOutcomes, 0, treated - treatedOutcomes, 0]
  const isControlLarger = controlOutcomes > treated - treatedOutcomes
  const perfectQini = twiceArea([treatedYes, neither, controlYes]).qini
  const perfectUplift = twiceArea([
    ...[treatedYes, controlNo],
    ...(isControlLarger ? [controlYes, treatedNo] : [treatedNo, controlYes]),
  ]).uplift
  const random = walk.straight()
  const rows = treated + control
  const share = (part: number, whole: number): number | null =>
    Math.abs(whole) > 1e-12 * rows ? part / whole : null
  return {
    qini: share(walk.qini - random.qini, perfectQini - random.qini),
    uplift: share(walk.uplift - random.uplift, perfectUplift - random.uplift),
    gain: rows === 0 ? 0 : (walk.uplift - random.uplift) / 2 / rows / rows,
  }
}

function twiceArea(steps: readonly (readonly number[])[]): Walk {
  const walk = new Walk()
  for (const step of steps) if (step.some((count) => count > 0)) addStep(walk, Float64Array.from(step), 0) // prettier-ignore
  return walk
}
