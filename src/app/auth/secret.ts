import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'

/**
 * The secret that signs session cookies: the configured one, or one that is made once and kept
 * beside the stores, not in them, so that a copy of the database alone signs nobody in.
 */
export function sessionSecret({
  secret,
  dataFolder,
}: Pick<Config, 'secret' | 'dataFolder'>): string {
  if (secret !== null) return secret
  const file = join(dataFolder, 'session-secret')
  mkdirSync(dataFolder, { recursive: true })
  try {
    // `wx`: of two processes that start at once, one makes it and the other reads it.
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8').trim()
}
