import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDiskGuard, freeBytes } from './disk-space.ts'

describe('the disk guard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-disk-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('knows how much is free', () => {
    expect(freeBytes(folder)).toBeGreaterThan(0)
  })

  it('lets work pass while there is room', () => {
    const guard = createDiskGuard({ folder, minimumFreeBytes: 1, now: () => 0 })
    expect(() => guard.check()).not.toThrow()
  })

  it('refuses below the minimum, saying how much is missing', () => {
    const guard = createDiskGuard({ folder, minimumFreeBytes: 2 ** 60, now: () => 0 })
    expect(() => guard.check()).toThrow(expect.objectContaining({ code: 'disk_full' }))
    expect(() => guard.check()).toThrow(/MB are free/)
  })

  it('looks once a second, and works again by itself', () => {
    const megabyte = 1024 * 1024
    const ballast = join(folder, 'ballast')
    let now = 0
    const minimumFreeBytes = freeBytes(folder) - 60 * megabyte
    const guard = createDiskGuard({ folder, minimumFreeBytes, now: () => now })
    expect(() => guard.check()).not.toThrow()
    writeFileSync(ballast, Buffer.alloc(120 * megabyte))
    now = 999
    expect(() => guard.check()).not.toThrow()
    now = 1_000
    expect(() => guard.check()).toThrow(expect.objectContaining({ code: 'disk_full' }))
    rmSync(ballast)
    expect(() => guard.check()).toThrow()
    now = 2_000
    expect(() => guard.check()).not.toThrow()
  })
})
