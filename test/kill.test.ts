/** An acknowledged touchpoint survives whatever dies, and is counted once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { killAgainAndAgain } from './child/kill-rounds.ts'
import { isReady, serverProcess } from './child/server-process.ts'
import { printedSeed } from './seed.ts'
import { reckon, type Reckoning } from './child/reckoning.ts'
import { seededRandom } from '../src/math/random.ts'
import { startSender } from './child/sender.ts'

const seed = printedSeed('kill')

function expectNothingLost(reckoning: Reckoning): void {
  const { sent, acknowledged, lost, ghosts, doubled, miscounted, countsAddUp, rows } = reckoning
  expect({ lost, ghosts, doubled, miscounted, countsAddUp }).toEqual({
    ...{ lost: 0, ghosts: 0, doubled: 0, miscounted: [], countsAddUp: true },
  })
  expect(acknowledged).toBe(sent)
  expect(rows).toEqual([sent, sent, sent])
}

test(
  'killed four times under load: nothing lost, nothing twice',
  { timeout: 120_000 },
  async () => {
    const result = await killAgainAndAgain({ seed, kills: 4, longestLife: 1_500 })
    expectNothingLost(result)
    expect(result.sent).toBeGreaterThan(200)
    // Connections broke, so there was something to lose.
    expect(result.answers.get(0)).toBeGreaterThan(0)
  },
)

test('PostgreSQL killed under load: 503, and back by itself', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-kill-'))
  const ledgerFile = join(folder, 'ledger')
  const server = await serverProcess({ dataFolder: join(folder, 'data') })
  try {
    await server.start()
    const { url, writeKey } = server
    const random = seededRandom(seed)
    const sender = startSender({ url, writeKey, ledgerFile, random, lanes: 6, people: 10 })
    for (let kill = 0; kill < 2; kill++) {
      await sleep(random.between(300, 1_500))
      server.killPostgres()
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      const taken = sender.acknowledged.size
      while (!(await isReady(url)) || sender.acknowledged.size === taken) await sleep(50)
    }
    await sender.finish()
    // Nothing but "taken" and "come again later", which says when.
    expect([...sender.answers.keys()].sort()).toEqual([200, 503])
    expect(sender.refusalsWithoutWait()).toBe(0)
    expectNothingLost(await reckon(server, sender, ledgerFile))
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
