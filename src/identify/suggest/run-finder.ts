/**
 * Looks for duplicates in a worker thread, so that intake and pages are not kept waiting; what it
 * holds in memory goes with it. A piece is sent once the one before was taken.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { RapportError } from '../../domain/error.ts'
import type { DuplicateSearch } from './find-duplicates.ts'
import type { PersonCells } from './read-people.ts'

interface Answer {
  readonly taken?: number
  readonly result?: DuplicateSearch
}

export async function runFinder(
  pages: AsyncIterable<PersonCells[]>,
  signal: AbortSignal,
): Promise<DuplicateSearch> {
  const worker = new Worker(new URL('find-in-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 2_048 },
  })
  const ended = new AbortController()
  worker.once('exit', () => ended.abort())
  const ask = async (people: PersonCells[] | null): Promise<Answer> => {
    const answered = once(worker, 'message', { signal: AbortSignal.any([signal, ended.signal]) })
    worker.postMessage(people)
    try {
      const [answer] = (await answered) as [Answer]
      return answer
    } catch (error) {
      const isEnd = error instanceof Error && error.name === 'AbortError'
      if (isEnd) throw new RapportError('internal', 'The search for duplicates was ended.')
      throw error
    }
  }
  try {
    for await (const people of pages) {
      signal.throwIfAborted()
      if (people.length > 0) await ask(people)
    }
    const { result } = await ask(null)
    if (!result) throw new RapportError('internal')
    return result
  } finally {
    await worker.terminate()
  }
}
