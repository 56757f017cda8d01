/** The exporter killed with SIGKILL at any moment: the lens still ends with each touchpoint once. */
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ensureFirstModel, ModelCache } from '../src/measure/serving-model.ts'
import { everyKindModel } from '../src/relationship/testing.ts'
import { freshDatabase } from '../src/store/testing.ts'
import { KnownParties } from '../src/identify/known-parties.ts'
import { openLens } from '../src/store/lens.ts'
import { printedSeed } from './seed.ts'
import { seededRandom } from '../src/math/random.ts'
import { takeBatches, type PipelineParts } from '../src/app/pipeline.ts'
import { testNow, touchpointOf } from '../src/identify/testing.ts'

const seed = printedSeed('lens-kill')
const kills = 8

test(
  'killed again and again while people come: nothing lost, nothing twice',
  { timeout: 180_000 },
  async () => {
    const random = seededRandom(seed)
    const truth = await freshDatabase()
    const folder = mkdtempSync(join(tmpdir(), 'rapport-lens-kill-'))
    try {
      await ensureFirstModel(truth.db, everyKindModel, 'test')
      const models = new ModelCache()
      const parts: PipelineParts = { db: truth.db, models, knownParties: new KnownParties(), now: () => testNow, newId: randomUUID } // prettier-ignore
      const { version } = await models.serving(truth.db)
      const child = join(import.meta.dirname, 'child/follow-truth.ts')
      const follow = (mode: string) =>
        spawn(process.execPath, [child, truth.databaseUrl, folder, String(version), mode], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
      let goes = 0
      for (let kill = 0; kill < kills; kill++) {
        const following = follow('forever')
        following.stdout.on('data', (dots: Buffer) => (goes += dots.length))
        // Every other one is killed while it finds its feet.
        if (kill % 2 === 0) await once(following.stdout, 'data')
        const until = performance.now() + random.between(300, 2_000)
        while (performance.now() < until) {
          // Two names at once now and then, so that parties are merged meanwhile.
          const name = (): string => `user_id:someone-${random.integer(60)}`
          const touchpoints = Array.from({ length: 1 + random.integer(12) }, (_, ago) =>
            touchpointOf({ identifiers: [name(), `anonymous_id:a-${random.integer(90)}`], ago }),
          )
          await takeBatches(parts, [{ sourceId: 'test', touchpoints, rejected: [] }])
          await sleep(random.integer(30))
        }
        following.kill('SIGKILL')
        await once(following, 'exit')
      }
      const [code] = (await once(follow('once'), 'exit')) as [number]
      expect(code).toBe(0)
      expect(goes).toBeGreaterThanOrEqual(kills / 2)

      const lens = openLens({ dataFolder: folder })
      const client = await lens.client()
      const answer = await client.query({ query: 'select toString(id) as id, toString(party_id) as party from history order by id', format: 'JSONEachRow' }) // prettier-ignore
      const { rows } = await truth.pool.query('select t.id, i.party_id as party from touchpoint t join identifier i using (subject_id) where not bot order by 1') // prettier-ignore
      expect(rows.length).toBeGreaterThan(100)
      expect(await answer.json()).toEqual(rows)
      await lens.close()
    } finally {
      await truth.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
