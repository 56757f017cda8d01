/** Loads the demo company: through the same normaliser and pipeline as everything else. */
import { sql } from 'kysely'
import { collectBatch } from '../collect/collect-batch.ts'
import { demoDefaults } from '../../demo/generate.ts'
import { ensureSource } from '../collect/sources.ts'
import { streamDemo } from '../../demo/stream-demo.ts'
import type { Chunk } from '../../demo/stream-demo.ts'
import type { Engine } from './engine.ts'
import type { Json } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'

/** Events a batch: what one transaction takes well. */
const eventsAtOnce = 2_000
/** Batches under way at once: one is prepared while another is stored. */
const batchesAtOnce = 3

export interface DemoProgress {
  readonly step: 'generating' | 'loading' | 'history'
  readonly done: number
  readonly total: number | null
}

/** Gives how many touchpoints were taken; null where the demo was there already. */
export async function loadDemo(
  db: Kysely<unknown>,
  engine: Engine,
  onProgress: (progress: DemoProgress) => void,
  people: number = demoDefaults.people,
): Promise<number | null> {
  const loaded = await sql`select 1 from setting where key = 'demo'`.execute(db)
  if (loaded.rows.length > 0) return null
  const sourceId = 'demo'
  await ensureSource(db, { id: sourceId, name: 'Fernhollow (demo)', kind: 'server' })
  const now = engine.now()
  onProgress({ step: 'generating', done: 0, total: null })
  let done = 0
  let accepted = 0
  const take = async ({ events, total }: Chunk): Promise<void> => {
    const circumstances = {
      shape: 'batch' as const,
      sourceId,
      receivedAt: engine.now(),
      makeMessageId: () => crypto.randomUUID(),
    }
    const json = { batch: events as unknown as Json[] }
    const outcome = await engine.intake.accept(collectBatch({ json, rejected: [] }, circumstances))
    accepted += outcome.accepted
    done += events.length
    onProgress({ step: 'loading', done, total })
  }
  const underWay = new Set<Promise<void>>()
  for await (const chunk of streamDemo({ ...demoDefaults, people, now, eventsAtOnce })) {
    const work = take(chunk).finally(() => underWay.delete(work))
    underWay.add(work)
    if (underWay.size >= batchesAtOnce) await Promise.race(underWay)
  }
  await Promise.all(underWay)
  await engine.clockwork.finishHistory((rewritten, total) =>
    onProgress({ step: 'history', done: rewritten, total }),
  )
  await sql`insert into setting (key, value) values ('demo', ${JSON.stringify({ now })}::json)
    on conflict (key) do update set value = excluded.value`.execute(db)
  return accepted
}
