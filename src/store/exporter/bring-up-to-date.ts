/** One go of the exporter, in the order that makes it safe to be interrupted anywhere. */
import { copyAliases, copyParties, foldAliases } from './parties.ts'
import { copyBatch, openBatches, planBatches, settledTransaction } from './touchpoints.ts'
import { nextVersion, prepareLens, saveProgress } from './lens-progress.ts'
import { summariseLog } from './summarise-log.ts'
import type { ExportProgress, Go } from './go.ts'

/**
 * 1. what is this lens, and is all there that was copied; 2. identifiers that moved, so that nobody is
 * seen as two; 3. touchpoints; 4. where parties stand; 5. say how far that is.
 */
export async function bringUpToDate(go: Go): Promise<ExportProgress> {
  const { client, lens, engine, model } = go
  const progress = await prepareLens(go)
  const settled = await settledTransaction(client)
  const state = {
    client,
    lens,
    model,
    since: progress.partiesTo,
    version: await nextVersion(client),
  }
  // Touchpoints that are still to be copied carry the party of today.
  const movedFrom = progress.isNew ? [] : await copyAliases(state)
  await planBatches(client, settled, go.rowsABatch)
  const batches = await openBatches(client)
  const total = batches.reduce((sum, { touchpoints }) => sum + touchpoints, 0)
  let copied = 0
  go.onProgress({ copied, total })
  for (const batch of batches) {
    if (go.isStopped()) return { copied, total }
    await copyBatch({ client, lens, engine, lensId: progress.lensId }, batch)
    copied += batch.touchpoints
    go.onProgress({ copied, total })
  }
  const since = progress.modelVersion === model.version ? state.since : 0
  const parties = await copyParties({ ...state, since }, movedFrom)
  await saveProgress(client, {
    partiesTo: settled,
    modelVersion: model.version,
    partiesVersion: parties > 0 ? state.version : progress.partiesVersion,
  })
  // Files are not rewritten: while there are any, aliases stay, and queries join them.
  if (movedFrom.length > 0 && !progress.hasArchives) await foldAliases(lens, engine)
  if (copied > 0) await summariseLog(client)
  return { copied, total }
}
