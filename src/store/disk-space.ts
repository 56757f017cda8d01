import { statfsSync } from 'node:fs'
import { RapportError } from '../domain/error.ts'

export interface DiskGuard {
  /** Throws `disk_full` while less than the minimum is free; works again by itself. */
  check(): void
}

export interface DiskGuardOptions {
  /** Any folder on the disk in question. */
  readonly folder: string
  /** Default: 200 MB, on disks below 4 GB a twentieth of them, but never less than 64 MB. */
  readonly minimumFreeBytes?: number
  /** Milliseconds of any steady clock. */
  readonly now: () => number
}

const megabyte = 1024 * 1024
const usualMinimum = 200 * megabyte
/** Four segments of PostgreSQL's journal: where it finds no room for the next one, it stops altogether. */
const leastMinimum = 64 * megabyte
/** What a disk can fill up by in a second is small against the minimum. */
const lookEvery = 1_000

/** Bytes that an ordinary user may still write to the disk of this folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Bytes of the whole disk of this folder. */
export function diskBytes(folder: string): number {
  const { blocks, bsize } = statfsSync(folder)
  return blocks * bsize
}

/**
 * Refusing work while a little space is left keeps PostgreSQL able to finish, to check-point and to
 * delete; out of space it would stop altogether.
 */
export function createDiskGuard(options: DiskGuardOptions): DiskGuard {
  const minimum = options.minimumFreeBytes ?? usualMinimumOf(options.folder)
  let lookedAt = -Infinity
  let free = Infinity
  return {
    check() {
      const now = options.now()
      if (now - lookedAt >= lookEvery) {
        lookedAt = now
        free = freeBytes(options.folder)
      }
      if (free >= minimum) return
      const megabytes = (bytes: number): string => `${Math.floor(bytes / megabyte)} MB`
      throw new RapportError(
        'disk_full',
        `${megabytes(free)} are free in ${options.folder}, ${megabytes(minimum)} are needed.`,
      )
    },
  }
}

function usualMinimumOf(folder: string): number {
  return Math.max(leastMinimum, Math.min(usualMinimum, diskBytes(folder) / 20))
}
