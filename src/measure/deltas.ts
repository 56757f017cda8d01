/** A batch of touchpoints -> what each party's state gains. Pure. */
import { dayMilliseconds } from '../relationship/duration.ts'
import { addTouchpoint, emptyState } from '../relationship/fold.ts'
import type { CompiledMeasure, State } from '../relationship/measure-table.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { PartyKind } from '../domain/view.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

export interface Delta {
  readonly partyId: string
  readonly kind: PartyKind
  readonly state: State
  /** Newest touchpoint, milliseconds since 1970. */
  newestAt: number
  oldestAt: number
  /** The newest touchpoint, which speaks for the change that it causes. */
  newest: Touchpoint | null
}

/** Robots' touchpoints give no delta at all. */
export function deltasOf(
  model: CompiledModel,
  touchpoints: readonly Touchpoint[],
  partyOf: ReadonlyMap<string, string>,
): Map<string, Delta> {
  const deltas = new Map<string, Delta>()
  for (const touchpoint of touchpoints) {
    if (touchpoint.bot) continue
    const partyId = partyOf.get(touchpoint.subjectId)
    if (partyId === undefined) continue
    let delta = deltas.get(partyId)
    if (!delta) {
      delta = newDelta(model, partyId, 'person')
      deltas.set(partyId, delta)
    }
    addTo(model, delta, touchpoint)
  }
  return deltas
}

function newDelta(model: CompiledModel, partyId: string, kind: PartyKind): Delta {
  const state = emptyState(model)
  return { partyId, kind, state, newestAt: -Infinity, oldestAt: Infinity, newest: null }
}

function addTo(model: CompiledModel, delta: Delta, touchpoint: Touchpoint): void {
  addTouchpoint(model, delta.state, touchpoint)
  if (touchpoint.occurredAt >= delta.newestAt) {
    delta.newestAt = touchpoint.occurredAt
    delta.newest = touchpoint
  }
  delta.oldestAt = Math.min(delta.oldestAt, touchpoint.occurredAt)
}

/** An account gains what its people gain. */
export function accountDeltas(
  model: CompiledModel,
  deltas: ReadonlyMap<string, Delta>,
  memberships: readonly { readonly personId: string; readonly accountId: string }[],
): Map<string, Delta> {
  const accounts = new Map<string, Delta>()
  for (const { personId, accountId } of memberships) {
    const gained = deltas.get(personId)
    if (!gained) continue
    const account = accounts.get(accountId) ?? newDelta(model, accountId, 'account')
    accounts.set(accountId, account)
    model.measures.forEach(({ aggregate }, index) => {
      const more = gained.state[index]
      if (more === null) return
      const present = account.state[index]
      account.state[index] = present === null ? more : aggregate.merge(present, more)
    })
    if (gained.newestAt >= account.newestAt) {
      account.newestAt = gained.newestAt
      account.newest = gained.newest
    }
    account.oldestAt = Math.min(account.oldestAt, gained.oldestAt)
  }
  return accounts
}

/** The measures that any of the deltas touches, in the model's order. */
export function touchedMeasures(model: CompiledModel, deltas: Iterable<Delta>): CompiledMeasure[] {
  const touched = new Set<number>()
  for (const { state } of deltas) {
    for (let index = 0; index < state.length; index++) if (state[index] !== null) touched.add(index)
  }
  return model.measures.filter(({ index }) => touched.has(index))
}

/** `2026-11-23` of a time, in UTC. */
export function dayText(at: number): string {
  return new Date(Math.floor(at / dayMilliseconds) * dayMilliseconds).toISOString().slice(0, 10)
}
