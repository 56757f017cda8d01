/** Keys that let our own Chromium read one report's page as somebody: in memory, for one picture. */
import { randomBytes } from 'node:crypto'
import type { Actor } from '../../domain/actor.ts'

/** Milliseconds; longer than a picture may take. */
const life = 120_000

export interface PictureKeys {
  issue(as: Actor): string
  actorOf(key: string): Actor | null
  /** The picture is taken. */
  end(key: string): void
}

export function createPictureKeys(now: () => number): PictureKeys {
  const known = new Map<string, { readonly as: Actor; readonly until: number }>()
  return {
    issue(as) {
      for (const [key, { until }] of known) if (until <= now()) known.delete(key)
      const key = `rp_${randomBytes(32).toString('base64url')}`
      known.set(key, { as, until: now() + life })
      return key
    },
    actorOf(key) {
      const found = known.get(key)
      return found !== undefined && found.until > now() ? found.as : null
    },
    end: (key) => void known.delete(key),
  }
}
