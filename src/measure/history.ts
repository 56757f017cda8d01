/**
 * The exact history of a party: its touchpoints in the order in which they happened, with every
 * change that time alone made in between. What was recorded live says when a change was observed;
 * this says when it was true.
 */
import { addTouchpoint, emptyState } from '../relationship/fold.ts'
import { nameOf } from './step.ts'
import { settle } from './standing-row.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { PartyKind } from '../domain/view.ts'
import type { RelationshipRow, Transition } from './standing-row.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

export interface History {
  readonly transitions: readonly Transition[]
  /** The row as the walk leaves it at `now`. */
  readonly row: RelationshipRow
}

/** A party whose conditions flip more often than this between touchpoints is cut short. */
const maximumWakes = 20_000

/** @param touchpoints  of one party, oldest first */
export function historyOf(
  model: CompiledModel,
  party: { readonly partyId: string; readonly kind: PartyKind },
  touchpoints: readonly Touchpoint[],
  now: number,
): History {
  const walk = new Walk(model, party)
  for (const touchpoint of touchpoints) {
    walk.wakeUntil(Math.min(touchpoint.occurredAt, now))
    walk.meet(touchpoint, now)
  }
  walk.wakeUntil(now)
  return { transitions: walk.transitions, row: walk.row }
}

class Walk {
  readonly transitions: Transition[] = []
  row: RelationshipRow
  readonly #model: CompiledModel
  #wakes = 0

  constructor(model: CompiledModel, party: { readonly partyId: string; readonly kind: PartyKind }) {
    this.#model = model
    this.row = {
      ...party,
      rung: 0,
      rungSince: 0,
      health: 'green',
      healthSince: 0,
      wakeAt: null,
      persona: null,
      personaFit: 0,
      state: emptyState(model),
    }
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
    const { standing, transitions } = settle(this.#model, row, { now: at, at, because })
    this.transitions.push(...transitions)
    this.row = { ...row, ...standing }
  }
}
