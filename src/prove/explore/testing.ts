/** A lens with a few touchpoints, and a file that no question may read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAskedLens, type AskedLens } from '../../store/asked-lens.ts'
import { createExplorer, type Explorer } from './explorer.ts'
import { createExporter } from '../../store/exporter/exporter.ts'
import { createLensReader, type LensReader } from '../../store/lens-reader.ts'
import { freshDatabase } from '../../store/testing.ts'
import { openLens, type Lens } from '../../store/lens.ts'

export const secret = 'quince-7341'

export interface ExploreWorld {
  readonly explorer: Explorer
  readonly asked: AskedLens
  readonly lens: Lens
  readonly reader: LensReader
  readonly folder: string
  /** A file with the secret in it. */
  readonly canary: string
  close(): Promise<void>
}

export async function exploreWorld(): Promise<ExploreWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-explore-'))
  const canary = join(folder, 'canary.txt')
  writeFileSync(canary, `${secret}\n`)
  const truth = await freshDatabase()
  await truth.pool.query(`create table relationship_1 (party_id uuid primary key, rung smallint,
    rung_since timestamptz, health text, health_since timestamptz, persona text, persona_fit real)`)
  const lens = openLens({ dataFolder: folder })
  const exporter = createExporter({
    truth,
    lens,
    model: async () => ({ version: 1, rungs: ['aware'] }),
    onError: () => {},
    now: () => Date.UTC(2026, 2, 31),
    archiveFolder: null,
    archiveAfterMonths: null,
  })
  const reader = createLensReader({ lens, exporter })
  await (
    await reader.client()
  ).command({
    query: `insert into touchpoint (subject_id, party_id, id, occurred_at, received_at, kind, channel, bot,
        amount_minor, currency, properties)
      select toUUID(concat('00000000-0000-4000-8000-', leftPad(toString(number % 10), 12, '0'))) as subject,
        subject, generateUUIDv4(), toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + number * 3600, now64(3),
        if(number % 3 = 0, 'purchase', 'page_viewed'), 'email', false, if(number % 3 = 0, 500, null), 'EUR',
        '{"plan":"grow"}'
      from numbers(120)`,
  })
  const asked = createAskedLens({ lens, reader, seconds: 1, bytes: 300_000_000 })
  return {
    explorer: createExplorer(asked, reader),
    ...{ asked, lens, reader, folder, canary },
    async close() {
      await lens.close()
      await truth.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
