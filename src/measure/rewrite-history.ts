/** Rewrites recorded transitions by exact ones, for parties that are due: in the background. */
import { sql } from 'kysely'
import { uuidArray } from '../store/array-literal.ts'
import { appendTransitions, rowsOfParties, writeStandings } from './relationship-queries.ts'
import { byParty, touchpointsOfAccounts, touchpointsOfParties } from './party-log.ts'
import { historyOf } from './history.ts'
import type { Kysely } from 'kysely'
import type { PartyTouchpoint } from './party-log.ts'
import type { RelationshipRow } from './standing-row.ts'
import type { ServingModel } from './serving-model.ts'

/** How many parties one transaction rewrites: their rows are locked meanwhile. */
const partiesAtOnce = 40

/**
 * Takes some parties that are due and rewrites their history. Gives how many were looked at; 0 when
 * none is left. Call inside a transaction.
 */
export async function rewriteSomeHistory(
  db: Kysely<unknown>,
  model: ServingModel,
  now: number,
): Promise<number> {
  const { rows: noted } = await sql<{ partyId: string }>`
    select party_id as "partyId" from history_due order by party_id limit ${partiesAtOnce}`.execute(
    db,
  )
  if (noted.length === 0) return 0
  // First the rows and then the notes, as intake does: in the other order each could wait for the
  // other. Locked first and read after: whoever is writing to them has finished by then.
  const candidates = noted.map(({ partyId }) => partyId)
  const locked = await rowsOfParties(db, model, candidates, 'lock')
  // Another process may have rewritten some in the meantime.
  const ids = await takeNotes(db, candidates)
  const rows = locked.filter(({ partyId }) => ids.includes(partyId))
  await sql`delete from transition where party_id = any(${uuidArray(ids)}::uuid[])`.execute(db)
  const accounts = rows.filter(({ kind }) => kind === 'account').map(({ partyId }) => partyId)
  const persons = rows.filter(({ kind }) => kind === 'person').map(({ partyId }) => partyId)
  const logs = byParty([
    ...(await touchpointsOfParties(db, persons)),
    ...(await touchpointsOfAccounts(db, accounts)),
  ])
  await rewrite(db, model, rows, { logs, now })
  return noted.length
}

async function takeNotes(db: Kysely<unknown>, partyIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ partyId: string }>`
    delete from history_due where party_id = any(${uuidArray(partyIds)}::uuid[])
    returning party_id as "partyId"`.execute(db)
  return rows.map(({ partyId }) => partyId)
}

async function rewrite(
  db: Kysely<unknown>,
  { version, compiled }: ServingModel,
  rows: readonly RelationshipRow[],
  { logs, now }: { readonly logs: ReadonlyMap<string, PartyTouchpoint[]>; readonly now: number },
): Promise<void> {
  const histories = rows.map((row) => ({
    row,
    history: historyOf(compiled, row, logs.get(row.partyId) ?? [], now),
  }))
  await appendTransitions(
    db,
    histories.flatMap(({ history }) => [...history.transitions]),
  )
  await writeStandings(
    db,
    version,
    histories.map(({ row, history }) => ({ ...history.row, partyId: row.partyId })),
  )
}

export async function isHistoryDue(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select from history_due) as due`.execute(db)
  return rows[0]?.due === true
}

export async function historyDueCount(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from history_due`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}
