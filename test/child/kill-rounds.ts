/** Kills the program again and again while senders send, and reckons at the end. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../../src/math/random.ts'
import { reckon, type Reckoning } from './reckoning.ts'
import { serverProcess } from './server-process.ts'
import { startSender } from './sender.ts'

export interface KillPlan {
  readonly seed: number
  readonly kills: number
  /** Milliseconds that it may live at most after it is ready. */
  readonly longestLife: number
}

export interface KillResult extends Reckoning {
  /** Milliseconds from each start to readiness. */
  readonly starts: readonly number[]
  readonly answers: ReadonlyMap<number, number>
  readonly said: string
}

export async function killAgainAndAgain(plan: KillPlan): Promise<KillResult> {
  const random = seededRandom(plan.seed)
  const folder = mkdtempSync(join(tmpdir(), 'rapport-kill-'))
  const ledgerFile = join(folder, 'ledger')
  const server = await serverProcess({ dataFolder: join(folder, 'data') })
  try {
    await server.start()
    const { url, writeKey } = server
    const load = { lanes: 6, people: 25, random: random.fork('sender') }
    const sender = startSender({ url, writeKey, ledgerFile, ...load })
    const starts: number[] = []
    for (let kill = 0; kill < plan.kills; kill++) {
      // Now and then in the middle of a replay.
      if (random.chance(1 / 3)) void server.applyModel()
      await sleep(random.between(50, plan.longestLife))
      // Every third time the whole machine seems to die: PostgreSQL goes at the same moment.
      if (random.chance(1 / 3)) server.killPostgres()
      await server.kill()
      starts.push(await server.start())
    }
    await sender.finish()
    const reckoning = await reckon(server, sender, ledgerFile)
    return { ...reckoning, starts, answers: sender.answers, said: server.said() }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
