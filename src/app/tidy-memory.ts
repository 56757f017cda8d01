/**
 * Gives memory back after work. V8 collects when it needs room, so what a burst left behind stays
 * until the next one: after loading the demo some 330 MB of garbage, for as long as nothing happens.
 * A full collection takes up to a tenth of a second, so it waits until nothing is going on.
 */
import { Session } from 'node:inspector/promises'
import { getHeapStatistics } from 'node:v8'

export interface TidyMemoryOptions {
  /** Milliseconds without work before anything is done. */
  readonly quiet?: number
  /** Bytes of heap worth the trouble. */
  readonly worthwhile?: number
  /** Memory that is not V8's. */
  readonly also?: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export interface TidyMemory {
  /** Work was done. */
  touched(): void
  stop(): void
}

export function createTidyMemory(options: TidyMemoryOptions): TidyMemory {
  const { quiet = 2_000, worthwhile = 128 * 2 ** 20 } = options
  let timer: NodeJS.Timeout | null = null
  const tidy = (): void => {
    timer = null
    options.also?.().catch(options.onError)
    if (getHeapStatistics().total_physical_size < worthwhile) return
    collectAllGarbage().catch(options.onError)
  }
  return {
    touched: () => {
      if (timer) timer.refresh()
      else timer = setTimeout(tidy, quiet).unref()
    },
    stop: () => {
      if (timer) clearTimeout(timer)
      timer = null
    },
  }
}

/** As the memory panel of the developer tools does: `global.gc` exists only behind a flag. */
export async function collectAllGarbage(): Promise<void> {
  const session = new Session()
  session.connect()
  try {
    await session.post('HeapProfiler.collectGarbage')
  } finally {
    session.disconnect()
  }
}
