/** Retention, end to end: the log, the copy of it in the lens, and every figure that rested on it. */
import { forgetMonths, type Forgotten } from '../collect/forget-months.ts'
import { monthBefore } from '../store/exporter/archive.ts'
import { RapportError } from '../domain/error.ts'
import { servingModelRow } from '../measure/serving-model.ts'
import { underIdentityLock } from './identity-lock.ts'
import type { Engine } from './engine.ts'
import type { Parts } from './start-rapport.ts'

/**
 * Deletes what happened more than `months` whole months ago, fills the lens anew and measures everybody from
 * what is left, as if the rest had never been. People stay, with their identifiers and traits.
 */
export async function forgetHistory(
  { truth }: Pick<Parts, 'truth'>,
  engine: Engine,
  months: number,
): Promise<Forgotten> {
  const before = monthBefore(engine.now(), months)
  // Nobody may be folding the log meanwhile.
  const forgotten = await underIdentityLock(truth.db, true, (db) => forgetMonths(db, before))
  if (forgotten.months === 0) return forgotten
  await engine.history.exporter.rebuild()
  const model = await servingModelRow(truth.db)
  if (model === null) throw new RapportError('internal')
  await engine.applyModel(model.yaml, 'retention')
  await engine.clockwork.finishHistory()
  return forgotten
}
