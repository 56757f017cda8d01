/** The program without its server, for commands that work on the stores and end. */
import { createEngine } from './compose.ts'
import { createLive } from './live.ts'
import { migrate } from '../store/migrate.ts'
import { openLens } from '../store/lens.ts'
import { openTruth } from '../store/truth.ts'
import type { Config } from './config.ts'
import type { Engine } from './engine.ts'
import type { Parts } from './start-rapport.ts'

export interface OpenEngine {
  readonly parts: Parts
  readonly engine: Engine
  close(): Promise<void>
}

export async function openEngine(
  config: Config,
  report: (sentence: string) => void,
): Promise<OpenEngine> {
  const { databaseUrl, clickhouseUrl, lensEngine, dataFolder } = config
  const truth = await openTruth({
    dataFolder,
    report,
    ...(databaseUrl === null ? {} : { databaseUrl }),
  })
  const lens = openLens({
    dataFolder,
    engine: lensEngine,
    ...(clickhouseUrl === null ? {} : { clickhouseUrl }),
  })
  const live = createLive()
  try {
    await migrate(truth.pool)
    const parts = { config, truth, lens, live }
    const engine = await createEngine(parts, { onError: (error) => report(String(error)) })
    const close = async (): Promise<void> => {
      await engine.stop()
      live.close()
      await lens.close()
      await truth.close()
    }
    return { parts, engine, close }
  } catch (error) {
    await truth.close().catch(() => {})
    throw error
  }
}
