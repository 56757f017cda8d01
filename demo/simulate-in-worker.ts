/**
 * The worker's side of `stream-demo.ts`: simulates once, then hands over one chunk a request. The
 * simulation is in memory as a whole, since recommendations tie all lives together; it goes with the
 * worker.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { generateDemo } from './generate.ts'
import type { Chunk, StreamOptions } from './stream-demo.ts'

const { eventsAtOnce, ...options } = workerData as StreamOptions
const events = [...generateDemo(options)]
let handedOver = 0

parentPort?.on('message', () => {
  const some = events.slice(handedOver, handedOver + eventsAtOnce)
  handedOver += some.length
  parentPort?.postMessage({ events: some, total: events.length } satisfies Chunk)
})
