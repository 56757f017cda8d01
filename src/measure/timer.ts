/** What time alone changes, at its computed time: no polling over people. */
import { dueRows } from './relationship-queries.ts'
import { settleRows } from './step.ts'
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
  return settleRows(db, model, rows, { now, cause: new Map() })
}
