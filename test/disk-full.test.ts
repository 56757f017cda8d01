/**
 * A full disk: nothing is accepted and everybody hears why, health checks go on, and once there is space
 * again it goes on by itself, with everything that was acknowledged.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isReady, serverProcess, type ServerProcess } from './child/server-process.ts'
import { printedSeed } from './seed.ts'
import { reckon } from './child/reckoning.ts'
import { seededRandom } from '../src/math/random.ts'
import { startSender } from './child/sender.ts'

const seed = printedSeed('disk-full')
const megabyte = 1024 * 1024

/** A disk of its own in memory; null where we may not mount one. */
function mountDisk(folder: string, megabytes: number): (() => void) | null {
  try {
    const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]
    execFileSync('mount', options, { stdio: 'pipe' })
    return () => void execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
  } catch {
    return null
  }
}

/** Leaves so many bytes free. */
function fill(folder: string, free: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const bytes = Math.max(0, bavail * bsize - free)
  try {
    writeFileSync(join(folder, `filler-${free}`), Buffer.alloc(bytes, 1))
  } catch (error) {
    // Somebody else took the rest in the meantime: full is full.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

async function refusal(
  server: ServerProcess,
): Promise<{ status: number; code: string; wait: number }> {
  const answer = await fetch(`${server.url}/v1/track`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${server.writeKey}:`)}` },
    body: JSON.stringify({ userId: 'u-0', event: '' }),
  })
  const { code = '' } = (await answer.json()) as { code?: string }
  return { status: answer.status, code, wait: Number(answer.headers.get('retry-after')) }
}

test('filled up and freed again', { timeout: 120_000 }, async ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-disk-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const unmount = mountDisk(disk, 500)
  if (!unmount) return skip('skipped: no permission to mount a disk')
  const ledgerFile = join(folder, 'ledger')
  const server = await serverProcess({ dataFolder: join(disk, 'data') })
  try {
    await server.start()
    const { url, writeKey } = server
    const random = seededRandom(seed)
    const sender = startSender({ url, writeKey, ledgerFile, random, lanes: 4, people: 10 })
    await sleep(1_500)
    fill(disk, 8 * megabyte)
    await expect
      .poll(() => refusal(server), { timeout: 5_000 })
      .toMatchObject({
        ...{ status: 503, code: 'disk_full', wait: expect.any(Number) as number },
      })
    for (let look = 0; look < 20; look++) {
      const from = performance.now()
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      expect(performance.now() - from).toBeLessThan(1_000)
      await sleep(100)
    }
    expect(await isReady(url)).toBe(false)
    const ready = await fetch(`${url}/readyz`)
    expect({ status: ready.status, ...((await ready.json()) as object) }).toMatchObject({
      ...{ status: 503, code: 'disk_full' },
    })
    expect((await refusal(server)).wait).toBeGreaterThan(0)
    // Reading goes on.
    await server.read('/api/parties')
    // To the last byte, by somebody who does not mind us.
    fill(disk, 0)
    await sleep(3_000)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const before = sender.acknowledged.size
    for (const free of [0, 8 * megabyte]) rmSync(join(disk, `filler-${free}`))
    await expect
      .poll(async () => (await isReady(url)) && sender.acknowledged.size > before, {
        timeout: 30_000,
      })
      .toBe(true)
    await sender.finish()
    expect([...sender.answers.keys()].sort()).toEqual([200, 503])
    expect(sender.refusalsWithoutWait()).toBe(0)
    expect(await reckon(server, sender, ledgerFile)).toMatchObject({
      ...{ lost: 0, ghosts: 0, doubled: 0, miscounted: [], countsAddUp: true },
    })
  } finally {
    await server.stop()
    unmount()
    rmSync(folder, { recursive: true, force: true })
  }
})
