/** An engine that takes the batch on its standard input and is killed at once when that is durable. */
import { text } from 'node:stream/consumers'
import { createEngine } from '../../src/app/compose.ts'
import { createLive } from '../../src/app/live.ts'
import { openLens } from '../../src/store/lens.ts'
import { openTruth } from '../../src/store/truth.ts'
import { readConfig } from '../../src/app/config.ts'
import type { CollectedBatch } from '../../src/domain/collected-batch.ts'

const config = readConfig()
const { dataFolder } = config
const truth = await openTruth({ databaseUrl: config.databaseUrl ?? '', dataFolder })
const lens = openLens({ dataFolder })
const engine = await createEngine({ config, truth, lens, live: createLive() })
await engine.intake.accept(JSON.parse(await text(process.stdin)) as CollectedBatch)
process.kill(process.pid, 'SIGKILL')
