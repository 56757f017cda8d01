/** What time alone changes, at its computed time: no polling over people. */
import { appendTransitions, dueRows, writeStandings } from './relationship-queries.ts'
import { earliestWake } from './step.ts'
import { Walk } from './walk.ts'
import type { Kysely } from 'kysely'
import type { Measured } from './step.ts'
import type { ServingModel } from './serving-model.ts'

/** Rows settled in one transaction. */
const rowsAtOnce = 500

/** Settles some rows whose time has come. `parties` is empty when none is due. Call in a transaction. */
export async function settleDue(
  db: Kysely<unknown>,
  model: ServingModel,
  now: number,
): Promise<Measured> {
  const rows = await dueRows(db, model, now, rowsAtOnce)
  const walks = rows.map((row) => new Walk(model.compiled, row))
  // Moment by moment, so that after a long sleep each change is told at the time when it was due.
  for (const walk of walks) walk.wakeUntil(now)
  const standings = walks.map(({ row }) => row)
  const transitions = walks.flatMap((walk) => walk.transitions)
  await writeStandings(db, model.version, standings)
  await appendTransitions(db, transitions)
  return {
    parties: standings.map(({ partyId }) => partyId),
    transitions,
    wakeAt: earliestWake(standings),
    late: false,
  }
}
