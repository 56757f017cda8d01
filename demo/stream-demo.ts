/**
 * The demo company's events in chunks, simulated in a worker thread: what the simulation holds in
 * memory is given back when the worker ends, and loading is not kept waiting by it.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { DemoOptions } from './generate.ts'
import type { SegmentEvent } from './segment-event.ts'

export interface StreamOptions extends DemoOptions {
  /** Events a chunk; the last one has fewer. */
  readonly eventsAtOnce: number
}

export interface Chunk {
  readonly events: readonly SegmentEvent[]
  /** Events of the whole demo. */
  readonly total: number
}

/** In the order of time. The next chunk is fetched while the one before is worked on. */
export async function* streamDemo(options: StreamOptions): AsyncGenerator<Chunk> {
  const worker = new Worker(new URL('simulate-in-worker.ts', import.meta.url), {
    workerData: options,
  })
  try {
    let next = requestChunk(worker)
    for (let chunk = await next; chunk.events.length > 0; chunk = await next) {
      next = requestChunk(worker)
      yield chunk
    }
  } finally {
    await worker.terminate()
  }
}

/** Rejects where the worker failed. */
function requestChunk(worker: Worker): Promise<Chunk> {
  const answer = once(worker, 'message').then(([chunk]) => chunk as Chunk)
  // Nobody may be waiting yet when it fails: whoever awaits it hears of it all the same.
  answer.catch(() => {})
  worker.postMessage('next')
  return answer
}
