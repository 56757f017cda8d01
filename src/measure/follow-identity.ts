/**
 * State follows identity: two parties found to be one have their rows merged; whoever lost or gained
 * single identifiers is folded anew from the log; an account is the merge of its people. Runs under
 * the exclusive identity lock, so nobody else is writing these rows.
 */
import { byParty, touchpointsOfParties } from './party-log.ts'
import { foldTouchpoints, mergeStates } from '../relationship/fold.ts'
import { implicitMeasures } from '../relationship/measure-table.ts'
import { mergeDeltas, removeRows, rowsOfParties, writeStandings } from './relationship-queries.ts'
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

export interface Followed {
  /** Written anew from the log or from their people: this batch is in them already. */
  readonly complete: readonly RelationshipRow[]
  /** Merged from the rows of two or more: this batch is still to be added. */
  readonly joined: readonly RelationshipRow[]
}

export async function followIdentity(
  db: Kysely<unknown>,
  model: ServingModel,
  change: IdentityChange,
): Promise<Followed> {
  const { complete, joined } = await followPersons(db, model, change)
  return { complete: [...complete, ...(await followAccounts(db, model, change))], joined }
}

export async function followPersons(
  db: Kysely<unknown>,
  model: ServingModel,
  { merged, rebuilt, regrouped }: IdentityChange,
): Promise<Followed> {
  if (merged.size + rebuilt.size === 0) return { complete: [], joined: [] }
  const folded = [...rebuilt].filter((id) => !merged.has(id) && !regrouped.has(id))
  const pure = [...new Set(merged.values())].filter((id) => !rebuilt.has(id) && !regrouped.has(id))
  const fromLog = await foldFromLog(db, model, folded)
  const fromRows = await joinRows(db, model, pure, merged)
  await removeRows(db, model.version, [...merged.keys()])
  return {
    complete: await replaceStates(db, model, fromLog, 'person'),
    joined: await replaceStates(db, model, fromRows, 'person'),
  }
}

/** Accounts are written from the rows of their people, which must all be up to date by then. */
export async function followAccounts(
  db: Kysely<unknown>,
  model: ServingModel,
  { merged, regrouped }: Pick<IdentityChange, 'merged' | 'regrouped'>,
): Promise<RelationshipRow[]> {
  const alive = [...regrouped].filter((id) => !merged.has(id))
  if (alive.length === 0) return []
  return replaceStates(db, model, await foldAccounts(db, model, alive), 'account')
}

/** Identity merge is state merge. */
async function joinRows(
  db: Kysely<unknown>,
  model: ServingModel,
  survivors: readonly string[],
  merged: ReadonlyMap<string, string>,
): Promise<Map<string, State>> {
  const parts = [...merged].filter(([, into]) => survivors.includes(into))
  const rows = await rowsOfParties(
    db,
    model,
    [...survivors, ...parts.map(([gone]) => gone)],
    'lock',
  )
  const states = new Map<string, State>()
  for (const { partyId, state } of rows) {
    const into = merged.get(partyId) ?? partyId
    const present = states.get(into)
    states.set(into, present ? mergeStates(model.compiled, present, state) : state)
  }
  return states
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
 * rung to the new one is recorded as a transition when it is settled.
 */
async function replaceStates(
  db: Kysely<unknown>,
  model: ServingModel,
  states: ReadonlyMap<string, State>,
  kind: PartyKind,
): Promise<RelationshipRow[]> {
  const before = await rowsOfParties(db, model, [...states.keys()], 'lock')
  await removeRows(db, model.version, [...states.keys()])
  const lastSeen = model.compiled.byId.get(implicitMeasures.lastSeen)?.index ?? -1
  const deltas = new Map(
    [...states].flatMap(([partyId, state]): [string, Delta][] => {
      const newestAt = state[lastSeen]
      // Nobody but robots was seen: such a party has no row.
      if (typeof newestAt !== 'number') return []
      return [[partyId, { partyId, kind, state, newestAt, oldestAt: newestAt, newest: null }]]
    }),
  )
  const written = await mergeDeltas(db, model, deltas)
  await writeStandings(db, model.version, before)
  const known = new Map(before.map((row) => [row.partyId, row]))
  return written.map((row) => ({ ...row, ...known.get(row.partyId), state: row.state }))
}
