import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { sourceOfWriteKey, type Source } from './sources.ts'

/** How long a key that was found stays so without asking again, in milliseconds. */
const knownFor = 60_000
/** The same for a key that was not found: a new source works after a moment. */
const unknownFor = 5_000
const cacheLimit = 10_000

interface Remembered {
  readonly source: Promise<Source | null>
  until: number
}

/**
 * Finds the source of a write key, mostly from memory. Questions for the same key at the same time
 * become one; what could not be answered is not remembered.
 */
export function createSourceKeys(
  db: Kysely<unknown>,
  now: () => number,
): (key: string) => Promise<Source | null> {
  const remembered = new Map<string, Remembered>()
  return (key) => {
    const known = remembered.get(key)
    if (known && known.until > now()) return known.source
    // Strangers may try any number of keys.
    if (remembered.size >= cacheLimit) remembered.clear()
    const asked: Remembered = { source: sourceOfWriteKey(db, key), until: Infinity }
    remembered.set(key, asked)
    asked.source.then(
      (source) => (asked.until = now() + (source ? knownFor : unknownFor)),
      () => remembered.delete(key),
    )
    return asked.source
  }
}

/** A new write key: 144 random bits, so that it cannot be guessed although it need not be secret. */
export function makeWriteKey(): string {
  return `wk_${randomBytes(18).toString('base64url')}`
}
