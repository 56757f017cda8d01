/** A row that is taken through time: each change that time alone makes, at its own moment. */
import { addTouchpoint } from '../relationship/fold.ts'
import { nameOf } from './step.ts'
import { settle } from './standing-row.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { RelationshipRow, Transition } from './standing-row.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

/** A party whose conditions flip more often than this between touchpoints is cut short. */
const maximumWakes = 20_000

export class Walk {
  readonly transitions: Transition[] = []
  row: RelationshipRow
  readonly #model: CompiledModel
  #wakes = 0

  /** @param row  its state is the walk's own from here on */
  constructor(model: CompiledModel, row: RelationshipRow) {
    this.#model = model
    this.row = row
  }

  meet(touchpoint: Touchpoint, now: number): void {
    addTouchpoint(this.#model, this.row.state, touchpoint)
    // A client's clock may run ahead; nothing is true before now.
    const at = Math.min(touchpoint.occurredAt, now)
    this.#settleAt(at, nameOf(touchpoint))
  }

  wakeUntil(time: number): void {
    for (
      let at = this.row.wakeAt;
      at !== null && at <= time && this.#wakes < maximumWakes;
      at = this.row.wakeAt
    ) {
      this.#wakes++
      this.#settleAt(at, null)
    }
  }

  #settleAt(at: number, because: string | null): void {
    // Wake-ups are exact here: forgetting the old one has it computed anew.
    const row = { ...this.row, wakeAt: null }
    const moment = { now: at, at, because, hasNewTraits: because !== null }
    const { standing, transitions } = settle(this.#model, row, moment)
    this.transitions.push(...transitions)
    this.row = { ...row, ...standing }
  }
}
