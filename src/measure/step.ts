/**
 * Measures a batch inside the transaction that logs it: merges what each party gained, settles rung
 * and health, records transitions. Identity changes come first, since they move whole states.
 */
import { accountDeltas, deltasOf } from './deltas.ts'
import {
  appendTransitions,
  insertNewcomers,
  mergeDeltas,
  writeStandings,
} from './relationship-queries.ts'
import { accountsOfPersons, markHistoryDue } from './people-queries.ts'
import { followAccounts, followPersons } from './follow-identity.ts'
import { rowWith, rowWithoutStanding, settle } from './standing-row.ts'
import type { Delta } from './deltas.ts'
import type { IdentityChange } from './follow-identity.ts'
import type { Kysely } from 'kysely'
import type { NewStanding, RelationshipRow, Transition } from './standing-row.ts'
import type { ServingModel } from './serving-model.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'

export interface MeasureRequest {
  readonly touchpoints: readonly Touchpoint[]
  /** Party of each subject, after all identity changes. */
  readonly partyOf: ReadonlyMap<string, string>
  readonly identity: IdentityChange
  /** Parties that this very batch made: they have no row yet. */
  readonly made?: ReadonlySet<string>
  /** False where it is known that nobody belongs to an account. */
  readonly hasAccounts?: boolean
  /** Places of measures that whoever comes after wants to know beside those of settling. */
  readonly also?: ReadonlySet<number>
  readonly now: number
}

export interface Measured {
  /** Parties whose state changed. */
  readonly parties: readonly string[]
  readonly transitions: readonly Transition[]
  /** The earliest wake-up written, milliseconds, or null. */
  readonly wakeAt: number | null
  /** Whether recorded history became inexact (late touchpoints): it is due to be rewritten. */
  readonly late: boolean
}

/** A measured batch, with what it knows by then: whoever comes after it need not read it again. */
export interface MeasuredBatch extends Measured {
  /**
   * Rows as they now are, with the measures that settling needs and those that were asked for; of
   * newcomers with all of them. Without those that identity changed.
   */
  readonly rows: readonly RelationshipRow[]
  /** Parties of whom this batch is all that is known. */
  readonly newcomers: ReadonlySet<string>
}

/** Touchpoints older than this when they arrive make the recorded transitions inexact. */
const lateAfter = 10 * 60_000

export async function measureBatch(
  db: Kysely<unknown>,
  model: ServingModel,
  request: MeasureRequest,
): Promise<MeasuredBatch> {
  const { touchpoints, partyOf, identity, made = nobody, hasAccounts = true, now } = request
  const deltas = deltasOf(model.compiled, touchpoints, partyOf)
  const { complete, joined } = await followPersons(db, model, identity)
  // The log already holds this batch, so whoever is folded from it has nothing more to gain.
  for (const { partyId } of complete) deltas.delete(partyId)
  const present = new Set(joined.map(({ partyId }) => partyId))
  const isNew = ({ partyId }: Delta): boolean => made.has(partyId) && !present.has(partyId)
  const newcomers = await measureNewcomers(db, model, [...deltas.values()].filter(isNew), now)
  const others = new Map([...deltas].filter(([, delta]) => !isNew(delta)))
  const persons = await mergeDeltas(db, model, others, request.also)
  // Only now are all people up to date, from whom accounts are written anew.
  const regrouped = await followAccounts(db, model, identity)
  const memberships = hasAccounts ? await accountsOfPersons(db, [...deltas.keys()]) : []
  const accounts = accountDeltas(model.compiled, deltas, memberships)
  for (const { partyId } of regrouped) accounts.delete(partyId)
  const groups = await mergeDeltas(db, model, accounts, request.also)
  const rows = [...complete, ...joined, ...persons, ...regrouped, ...groups]
  const changed = new Set([...complete, ...joined, ...regrouped].map(({ partyId }) => partyId))
  const latest = [...new Map(rows.map((row) => [row.partyId, row])).values()]
  const cause = new Map([...deltas, ...accounts])
  const late = [...cause.values()].filter(({ oldestAt }) => now - oldestAt > lateAfter)
  // Time changed them long ago, and nobody looked: when exactly is told by their history.
  const overdue = latest.filter(({ wakeAt }) => wakeAt !== null && now - wakeAt > lateAfter)
  const inexact = [...late, ...overdue, ...joined].map(({ partyId }) => partyId)
  const { merged, rebuilt } = identity
  inexact.push(...merged.keys(), ...rebuilt, ...identity.regrouped)
  await markHistoryDue(db, inexact)
  const moved = new Set(joined.map(({ partyId }) => partyId))
  const measured = await settleRows(db, model, latest, { now, cause, moved })
  return {
    ...together(newcomers, measured),
    late: inexact.length > 0,
    rows: [...newcomers.rows, ...measured.rows.filter(({ partyId }) => !changed.has(partyId))],
    newcomers: new Set(newcomers.parties),
  }
}

const nobody: ReadonlySet<string> = new Set()

/** All that is known of newcomers is in this batch, so they are settled before they are written. */
async function measureNewcomers(
  db: Kysely<unknown>,
  model: ServingModel,
  deltas: readonly Delta[],
  now: number,
): Promise<Settled> {
  const newcomers = deltas.flatMap((delta) => {
    const at = Math.min(now, delta.newestAt)
    const because = delta.newest ? nameOf(delta.newest) : null
    const row = rowWithoutStanding(delta)
    const { standing, transitions } = settle(model.compiled, row, { now, at, because })
    return standing === null ? [] : [{ delta, row: rowWith(row, standing), standing, transitions }]
  })
  const transitions = newcomers.flatMap((newcomer) => newcomer.transitions)
  await insertNewcomers(db, model, newcomers)
  await appendTransitions(db, transitions)
  return {
    parties: deltas.map(({ partyId }) => partyId),
    transitions,
    wakeAt: earliestWake(newcomers.map(({ standing }) => standing)),
    late: false,
    rows: newcomers.map(({ row }) => row),
  }
}

type Settled = Measured & Pick<MeasuredBatch, 'rows'>

function together(one: Measured, other: Measured): Measured {
  const wakeAt = Math.min(one.wakeAt ?? Infinity, other.wakeAt ?? Infinity)
  return {
    parties: [...one.parties, ...other.parties],
    transitions: [...one.transitions, ...other.transitions],
    wakeAt: Number.isFinite(wakeAt) ? wakeAt : null,
    late: one.late || other.late,
  }
}

interface Settling {
  readonly now: number
  readonly cause: ReadonlyMap<string, Delta>
  /** Parties whose state changed by more than what caused it: others were merged into them. */
  readonly moved?: ReadonlySet<string>
}

/** Settles rows at `now` and writes what changed. */
export async function settleRows(
  db: Kysely<unknown>,
  model: ServingModel,
  rows: readonly RelationshipRow[],
  { now, cause, moved }: Settling,
): Promise<Settled> {
  const settlements = rows.map((row) => {
    const delta = cause.get(row.partyId)
    const byTime = row.wakeAt !== null && row.wakeAt <= now ? row.wakeAt : now
    const at = delta ? Math.min(now, delta.newestAt) : byTime
    const hasNewTraits =
      !delta ||
      moved?.has(row.partyId) === true ||
      model.compiled.traitPlaces.some((place) => delta.state[place] !== null)
    const because = delta?.newest ? nameOf(delta.newest) : null
    return settle(model.compiled, row, { now, at, because, hasNewTraits })
  })
  const standings = settlements.flatMap(({ standing }) => standing ?? [])
  const transitions = settlements.flatMap((settlement) => settlement.transitions)
  await writeStandings(db, model.version, standings)
  await appendTransitions(db, transitions)
  return {
    parties: rows.map(({ partyId }) => partyId),
    transitions,
    wakeAt: earliestWake(standings),
    late: false,
    rows: rows.map((row, i) => rowWith(row, settlements[i]?.standing ?? null)),
  }
}

export function earliestWake(standings: readonly NewStanding[]): number | null {
  const earliest = standings.reduce((least, s) => Math.min(least, s.wakeAt ?? Infinity), Infinity)
  return Number.isFinite(earliest) ? earliest : null
}

/** "Order Completed", or the kind in words where the event has no name. */
export function nameOf({ event, kind }: Pick<Touchpoint, 'event' | 'kind'>): string {
  return event || kind.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}
