/**
 * The exact history of a party: its touchpoints in the order in which they happened, with every
 * change that time alone made in between. What was recorded live says when a change was observed;
 * this says when it was true.
 */
import { emptyState } from '../relationship/fold.ts'
import { Walk } from './walk.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { PartyKind } from '../domain/view.ts'
import type { RelationshipRow, Transition } from './standing-row.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

export interface History {
  readonly transitions: readonly Transition[]
  /** The row as the walk leaves it at `now`. */
  readonly row: RelationshipRow
}

/** @param touchpoints  of one party, oldest first */
export function historyOf(
  model: CompiledModel,
  party: { readonly partyId: string; readonly kind: PartyKind },
  touchpoints: readonly Touchpoint[],
  now: number,
): History {
  const walk = new Walk(model, {
    ...party,
    rung: 0,
    rungSince: 0,
    health: 'green',
    healthSince: 0,
    wakeAt: null,
    persona: null,
    personaFit: 0,
    state: emptyState(model),
  })
  for (const touchpoint of touchpoints) {
    walk.wakeUntil(Math.min(touchpoint.occurredAt, now))
    walk.meet(touchpoint, now)
  }
  walk.wakeUntil(now)
  return { transitions: walk.transitions, row: walk.row }
}
