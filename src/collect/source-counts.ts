import { sql, type Kysely } from 'kysely'
import type { BatchOutcome, CollectedBatch } from '../domain/collected-batch.ts'
import { integerArray, textArray } from '../store/array-literal.ts'

/** What may change from batch to batch; `bot` is part of `accepted`. */
interface Counts {
  accepted: number
  duplicate: number
  rejected: number
  bot: number
}

/**
 * Adds what became of some batches to the counts of their sources for this hour, inside the
 * transaction that took them: received = accepted + duplicate + rejected, always. To be the last
 * statement before the commit, since batches of one source wait for each other here.
 *
 * @param outcomes One for each batch, in the same order.
 */
export async function addCounts(
  transaction: Kysely<unknown>,
  batches: readonly Pick<CollectedBatch, 'sourceId'>[],
  outcomes: readonly BatchOutcome[],
  now: number,
): Promise<void> {
  const bySource = new Map<string, Counts>()
  for (const [index, { sourceId }] of batches.entries()) {
    const outcome = outcomes[index]
    if (!outcome) continue
    const counts = bySource.get(sourceId) ?? { accepted: 0, duplicate: 0, rejected: 0, bot: 0 }
    counts.accepted += outcome.accepted
    counts.duplicate += outcome.duplicate
    counts.rejected += outcome.rejected
    counts.bot += outcome.bot
    bySource.set(sourceId, counts)
  }
  if (bySource.size === 0) return
  // Sorted, so that two transactions cannot wait for each other crosswise.
  const rows = [...bySource].sort(([one], [other]) => (one < other ? -1 : 1))
  const column = (read: (counts: Counts) => number): string =>
    integerArray(rows.map(([, counts]) => read(counts)))
  await sql`
    insert into source_count as c
      (source_id, hour, received, accepted, duplicate, rejected, bot, last_at)
    select source_id, date_trunc('hour', ${new Date(now)}::timestamptz),
      accepted + duplicate + rejected, accepted, duplicate, rejected, bot, ${new Date(now)}::timestamptz
    from unnest(
      ${textArray(rows.map(([sourceId]) => sourceId))}::text[],
      ${column((counts) => counts.accepted)}::bigint[],
      ${column((counts) => counts.duplicate)}::bigint[],
      ${column((counts) => counts.rejected)}::bigint[],
      ${column((counts) => counts.bot)}::bigint[]
    ) as incoming (source_id, accepted, duplicate, rejected, bot)
    on conflict (source_id, hour) do update set
      received = c.received + excluded.received,
      accepted = c.accepted + excluded.accepted,
      duplicate = c.duplicate + excluded.duplicate,
      rejected = c.rejected + excluded.rejected,
      bot = c.bot + excluded.bot,
      last_at = greatest(c.last_at, excluded.last_at)`.execute(transaction)
}
