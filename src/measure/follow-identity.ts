/**
 * State follows identity: two parties found to be one have their rows merged; whoever lost or gained
 * single identifiers is folded anew from the log; an account is the merge of its people. Runs under
 * the exclusive identity lock, so nobody else is writing these rows.
 */
import { byParty, touchpointsOfParties } from './party-log.ts'
import { foldTouchpoints, mergeStates } from '../relationship/fold.ts'
import { mergeDeltas, removeRows, rowsOfParties } from './relationship-queries.ts'
import { personsOfAccounts } from './people-queries.ts'
import type { Delta } from './deltas.ts'
import type { Kysely } from 'kysely'
import type { PartyKind } from '../domain/view.ts'
import type { RelationshipRow } from './standing-row.ts'
import type { ServingModel } from './serving-model.ts'
import type { State } from '../relationship/measure-table.ts'

export interface IdentityChange {
  /** Parties that are no more -> the party that took all of theirs. */
  readonly merged: ReadonlyMap<string, string>
  /** Parties to be folded anew from the log. */
  readonly rebuilt: ReadonlySet<string>
  /** Accounts whose people changed. */
  readonly regrouped: ReadonlySet<string>
}

export const noIdentityChange: IdentityChange = {
  merged: new Map(),
  rebuilt: new Set(),
  regrouped: new Set(),
}

/** Gives the rows that were written anew from the log or from their people. */
export async function followIdentity(
  db: Kysely<unknown>,
  model: ServingModel,
  { merged, rebuilt, regrouped }: IdentityChange,
): Promise<RelationshipRow[]> {
  const folded = new Set([...rebuilt, ...merged.values()])
  for (const gone of merged.keys()) folded.delete(gone)
  if (folded.size + regrouped.size === 0) return []
  const accounts = new Set(regrouped)
  const persons = await foldFromLog(
    db,
    model,
    [...folded].filter((id) => !accounts.has(id)),
  )
  await removeRows(db, model.version, [...merged.keys()])
  const people = await replaceStates(db, model, persons, 'person')
  const groups = await replaceStates(
    db,
    model,
    await foldAccounts(db, model, [...accounts]),
    'account',
  )
  return [...people, ...groups]
}

/** States of parties from the log, some at a time so that memory stays flat. */
async function foldFromLog(
  db: Kysely<unknown>,
  model: ServingModel,
  partyIds: readonly string[],
): Promise<Map<string, State>> {
  const states = new Map<string, State>()
  for (let i = 0; i < partyIds.length; i += 50) {
    const some = partyIds.slice(i, i + 50)
    const logs = byParty(await touchpointsOfParties(db, some))
    for (const id of some) states.set(id, foldTouchpoints(model.compiled, logs.get(id) ?? []))
  }
  return states
}

async function foldAccounts(
  db: Kysely<unknown>,
  model: ServingModel,
  accountIds: readonly string[],
): Promise<Map<string, State>> {
  const pairs = await personsOfAccounts(db, accountIds)
  const people = await rowsOfParties(db, model, [...new Set(pairs.map(({ personId }) => personId))])
  const stateOf = new Map(people.map(({ partyId, state }) => [partyId, state]))
  const states = new Map<string, State>()
  for (const id of accountIds) states.set(id, foldTouchpoints(model.compiled, []))
  for (const { personId, accountId } of pairs) {
    const state = stateOf.get(personId)
    const present = states.get(accountId)
    if (state && present) states.set(accountId, mergeStates(model.compiled, present, state))
  }
  return states
}

/**
 * Writes states in place of what was there. The standing is kept, so that the change from the old
 * rung to the new one is recorded as a transition.
 */
async function replaceStates(
  db: Kysely<unknown>,
  model: ServingModel,
  states: ReadonlyMap<string, State>,
  kind: PartyKind,
): Promise<RelationshipRow[]> {
  const before = await rowsOfParties(db, model, [...states.keys()], 'lock')
  await removeRows(db, model.version, [...states.keys()])
  const deltas = new Map(
    [...states].map(([partyId, state]): [string, Delta] => {
      const lastSeen = state[model.compiled.byId.get('_last_seen')?.index ?? -1]
      const newestAt = typeof lastSeen === 'number' ? lastSeen : 0
      return [partyId, { partyId, kind, state, newestAt, oldestAt: newestAt, newest: null }]
    }),
  )
  const known = new Map(before.map((row) => [row.partyId, row]))
  const written = await mergeDeltas(db, model, deltas)
  return written.map((row) => {
    const old = known.get(row.partyId)
    return old ? { ...old, wakeAt: null, state: row.state } : row
  })
}
