/** Opens the stores, puts the rooms together and begins to listen. */
import type { FastifyPluginAsync } from 'fastify'
import type { DestinationStream } from 'pino'
import { openLens, type Lens } from '../store/lens.ts'
import { migrate } from '../store/migrate.ts'
import { openTruth, type Truth } from '../store/truth.ts'
import { createApiKey, listApiKeys, setConfiguredKey } from './api-keys.ts'
import { createAuth } from './auth/auth.ts'
import { createPictureKeys, type PictureKeys } from './reports/picture-keys.ts'
import { publicUrlOf, type Config } from './config.ts'
import type { Store } from './http/health.ts'
import { createLive, type Live } from './live.ts'
import { buildServer } from './server.ts'
import { listen } from './shutdown.ts'

export interface Parts {
  readonly config: Config
  readonly truth: Truth
  readonly lens: Lens
  readonly live: Live
}

/** What the program as a server has besides. */
export interface ServingParts extends Parts {
  /** With them our own Chromium reads pages of reports. */
  readonly pictureKeys: PictureKeys
}

export interface StartOptions {
  readonly config: Config
  readonly demo: boolean
  /** Told what an operator should know, one sentence at a time. */
  readonly report: (sentence: string) => void
  /** Where the log goes; the standard output where it is not said. */
  readonly logTo?: DestinationStream
  /** Puts the rooms together over the open stores; their routes, and what must stop before them. */
  readonly compose: (parts: ServingParts) => Promise<Composed>
}

export interface Composed {
  readonly rooms: readonly FastifyPluginAsync[]
  /** Timers and whatever else works without being asked: stopped before the stores close. */
  readonly stores?: readonly Store[]
}

export interface Running {
  readonly url: string
  /** One-time link for the first admin (or into the demo); null where there is an account. */
  readonly welcomeLink: string | null
  /** The first API key, in words for the only time; null where there is one already. */
  readonly apiKey: string | null
  readonly close: () => Promise<unknown>
}

export async function startRapport(options: StartOptions): Promise<Running> {
  const { databaseUrl, clickhouseUrl, lensEngine, dataFolder } = options.config
  const truth = await openTruth({
    dataFolder,
    report: options.report,
    ...(databaseUrl === null ? {} : { databaseUrl }),
  })
  const lens = openLens({
    dataFolder,
    engine: lensEngine,
    ...(clickhouseUrl === null ? {} : { clickhouseUrl }),
  })
  try {
    return await serveOver({ truth, lens }, options)
  } catch (error) {
    await truth.close().catch(() => {})
    throw error
  }
}

async function serveOver(
  { truth, lens }: Pick<Parts, 'truth' | 'lens'>,
  { config, demo, compose, logTo }: StartOptions,
): Promise<Running> {
  await migrate(truth.pool)
  await setConfiguredKey(truth.db, config.apiKey)
  const live = createLive()
  const pictureKeys = createPictureKeys(Date.now)
  const auth = createAuth({ config, truth, demo, pictureKeys })
  const { rooms, stores = [] } = await compose({ config, truth, lens, live, pictureKeys })
  const app = await buildServer({
    config,
    truth,
    auth,
    live,
    rooms,
    stores: [...stores, lensAsStore(lens, config.clickhouseUrl !== null)],
    ...(logTo === undefined ? {} : { logTo }),
  })
  try {
    const url = publicUrlOf({ ...config, port: await listen(app, config) })
    // Made last: a key or link that nobody gets to see would be lost.
    const apiKey = await firstApiKey(truth)
    return { url, welcomeLink: await auth.welcomeLink(url), apiKey, close: () => app.close() }
  } catch (error) {
    await app.close()
    throw error
  }
}

/** A key for the first reader, so that the API can be tried at once. */
async function firstApiKey(truth: Truth): Promise<string | null> {
  if ((await listApiKeys(truth.db)).length > 0) return null
  return (await createApiKey(truth.db, 'First key')).key
}

/** An embedded lens opens when it is first needed; asking whether it is well must not open it. */
function lensAsStore(lens: Lens, remote: boolean): Store {
  const check = async (): Promise<void> => {
    if (!remote) return
    const answer = await (await lens.client()).ping()
    if (!answer.success) throw answer.error
  }
  return { name: 'lens', check, close: () => lens.close() }
}
