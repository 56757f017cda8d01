/**
 * Possible duplicates kept up: looked for once a day, and on demand. It only suggests; it merges by
 * itself only where a caller named the probability from which on, and never two known users. At rest
 * it is one sleeping timer.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createTurns } from './turns.ts'
import { decideSuggestion, openSuggestions, readSearch } from '../identify/suggest/queries.ts'
import { RapportError } from '../domain/error.ts'
import { searchDuplicates } from '../identify/suggest/search.ts'
import type { Decider, IdentityActions } from '../identify/http.ts'
import type { Kysely } from 'kysely'

export interface MergeSuggestions {
  /** Looks for duplicates now; resolves when that is done. */
  search(options?: { mergeAbove: number | null; by: string }): Promise<void>
  /** As `search`, but nobody waits longer than a moment. */
  beginSearch(options: { mergeAbove: number | null; by: string }): Promise<void>
  accept(id: string, by: Decider): Promise<string[]>
  start(): void
  stop(): Promise<void>
}

export interface MergeSuggestionsOptions {
  readonly db: Kysely<unknown>
  readonly actions: Pick<IdentityActions, 'merge'>
  readonly now: () => number
  readonly newId: () => string
  readonly onError: (error: unknown) => void
}

/** Milliseconds. */
const everyDay = 24 * 3_600_000
const longestSleep = 3_600_000
/** What a start brings with it comes first. */
const firstLook = 3 * 60_000
/** Small companies are searched while the request waits. */
const longestWait = 3_000

export function createMergeSuggestions(options: MergeSuggestionsOptions): MergeSuggestions {
  const { db, now, newId, onError } = options
  const turns = createTurns(onError)
  const ending = new AbortController()
  let timer: NodeJS.Timeout | null = null
  const accept = (id: string, by: Decider): Promise<string[]> => acceptSuggestion(options, id, by)
  const searchNow = async (mergeAbove: number | null, by: string): Promise<void> => {
    if (!(await searchDuplicates({ db, now, newId, signal: ending.signal }))) return
    if (mergeAbove !== null) await mergeLikely(options, mergeAbove, by)
  }
  /** A search that ends with the program is no fault: the next start searches again. */
  const untilEnd = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      if (!ending.signal.aborted) throw error
    })
  const search: MergeSuggestions['search'] = ({ mergeAbove, by } = { mergeAbove: null, by: '' }) =>
    new Promise((resolve) => {
      turns.take(() => untilEnd(() => searchNow(mergeAbove, by)).then(resolve), resolve)
    })
  const lookAfter = async (): Promise<void> => {
    const { startedAt } = await readSearch(db, now())
    if (startedAt === null || now() - Date.parse(startedAt) >= everyDay) await searchNow(null, '')
  }
  const sleepFor = (milliseconds: number): void => {
    if (turns.stopped()) return
    timer = setTimeout(() => {
      turns.take(
        () => untilEnd(lookAfter),
        () => {},
      )
      sleepFor(longestSleep)
    }, milliseconds)
    timer.unref()
  }
  return {
    search,
    beginSearch: (asked) =>
      Promise.race([search(asked), sleep(longestWait, undefined, { ref: false })]),
    accept,
    start: () => sleepFor(firstLook),
    async stop() {
      if (timer) clearTimeout(timer)
      const stopping = turns.stop()
      ending.abort()
      await stopping
    },
  }
}

async function acceptSuggestion(
  { db, actions, now }: MergeSuggestionsOptions,
  id: string,
  { name }: Decider,
): Promise<string[]> {
  const [row] = await openSuggestions(db, { id, leastProbability: 0, limit: 1 })
  // Claimed first, so that of two people who press at once one is told.
  const decision = { by: name, now: now() }
  const { oneId, otherId } = await decideSuggestion(db, id, { ...decision, state: 'accepted' })
  try {
    if (!row) throw new RapportError('conflict', 'One of the two is merged with somebody already.')
    const same = row.reasons.filter(([, , weight]) => weight > 0).map(([field, level]) => `${level} ${field}`) // prettier-ignore
    const reason = `Suggested as ${(100 * row.probability).toFixed(1)} % likely: ${same.join(', ')}`
    return await actions.merge(oneId, otherId, { name, reason: reason.slice(0, 300) })
  } catch (error) {
    await decideSuggestion(db, id, { ...decision, state: 'open' })
    throw error
  }
}

/** As many as may be decided at once. */
const mostMerged = 1_000

async function mergeLikely(
  options: MergeSuggestionsOptions,
  leastProbability: number,
  by: string,
): Promise<void> {
  const rows = await openSuggestions(options.db, { leastProbability, limit: mostMerged })
  for (const { id } of rows.filter(({ bothKnown }) => !bothKnown)) {
    try {
      await acceptSuggestion(options, id, { name: by, reason: '' })
    } catch (error) {
      // One of the two went with an earlier pair: the next search sees who is left.
      if (!(error instanceof RapportError && ['conflict', 'not_found'].includes(error.code))) throw error // prettier-ignore
    }
  }
}
