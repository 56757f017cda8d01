/** A whole server for tests, on a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { createAuth, type Auth } from './auth/auth.ts'
import { readConfig, type Config } from './config.ts'
import { createLive, type Live } from './live.ts'
import type { PictureKeys } from './reports/picture-keys.ts'
import { buildServer } from './server.ts'

export interface TestServer {
  readonly app: FastifyInstance
  readonly auth: Auth
  readonly live: Live
  readonly truth: TestTruth
  readonly config: Config
  /** Everything that was logged. */
  readonly log: () => string
  readonly close: () => Promise<void>
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly rooms?: readonly FastifyPluginAsync[]
  readonly demo?: boolean
  readonly webFolder?: string
  readonly monotonicNow?: () => number
  readonly pictureKeys?: PictureKeys
}

/** Origin of a browser that shows our own pages, in requests made with `app.inject`. */
export const ownOrigin = { origin: 'http://127.0.0.1:4711', host: '127.0.0.1:4711' }

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-app-'))
  const config = readConfig({
    RAPPORT_DATA: dataFolder,
    LOG_LEVEL: 'trace',
    ...options.environment,
  })
  const truth = await freshDatabase()
  const live = createLive()
  const auth = createAuth({
    ...{ config, truth, demo: options.demo ?? false },
    ...(options.pictureKeys && { pictureKeys: options.pictureKeys }),
  })
  const lines: string[] = []
  const app = await buildServer({
    config,
    truth,
    auth,
    live,
    rooms: options.rooms ?? [],
    webFolder: options.webFolder ?? join(dataFolder, 'no-web'),
    ...(options.monotonicNow && { monotonicNow: options.monotonicNow }),
    logTo: { write: (line) => void lines.push(line) },
  })
  const close = async (): Promise<void> => {
    await app.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
  return { app, auth, live, truth, config, log: () => lines.join(''), close }
}
