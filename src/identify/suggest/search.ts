/** One search for duplicates among everybody: read, compared in a worker, kept. */
import { claimSearch, giveUpSearch, keepFound } from './queries.ts'
import { peoplePages } from './read-people.ts'
import { runFinder } from './run-finder.ts'
import type { Kysely } from 'kysely'

export interface SearchParts {
  readonly db: Kysely<unknown>
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  readonly newId: () => string
  readonly signal: AbortSignal
}

/** False where another search is under way. */
export async function searchDuplicates({ db, now, newId, signal }: SearchParts): Promise<boolean> {
  const startedAt = now()
  if (!(await claimSearch(db, startedAt))) return false
  try {
    const search = await runFinder(peoplePages(db), signal)
    await keepFound(db, search, { now: now(), took: now() - startedAt, newId })
    return true
  } catch (error) {
    await giveUpSearch(db, 'The last search was ended before it was done.')
    throw error
  }
}
