/**
 * Keeps the lens a copy of the truth. Nothing polls: the lens catches up when somebody looks, and,
 * once it is open, shortly after anything was written. One exporter works at a time, whatever the
 * number of processes; one that is killed at any point is finished by the next.
 */
import { advisoryLock } from '../advisory-lock.ts'
import { archiveMonths, monthBefore } from './archive.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { RapportError } from '../../domain/error.ts'
import { readProgress } from './lens-progress.ts'
import type { ExportProgress } from './go.ts'
import type { Lens } from '../lens.ts'
import type { LensModel } from './parties.ts'
import type { PoolClient } from 'pg'
import type { Truth } from '../truth.ts'

export interface ExporterOptions {
  readonly truth: Pick<Truth, 'pool'>
  readonly lens: Lens
  /** The model in force: its rungs are told by name in the lens. */
  readonly model: () => Promise<LensModel>
  readonly onError: (error: unknown) => void
  /** Touchpoints a batch at least; smaller in tests. */
  readonly rowsABatch?: number
  readonly now: () => number
  /** Where months are put as Parquet files; null where the lens is a server, which has its own ways. */
  readonly archiveFolder: string | null
  /** Older months are put there once a day, unasked; null where they stay. */
  readonly archiveAfterMonths: number | null
}

export interface Exporter {
  /** Brings the lens up to what was committed before the call, and gives what was copied. */
  catchUp(onProgress?: (progress: ExportProgress) => void): Promise<ExportProgress>
  /** How far the copying that is under way has come; null where none is. */
  underWay(): ExportProgress | null
  /** Something was committed: follow soon, if anybody has looked yet. */
  follow(): void
  /** Puts months that are older than so many into Parquet files. Gives how many months. */
  archive(months: number, onProgress?: (month: number) => void): Promise<number>
  /** Drops the lens and fills it anew. */
  rebuild(onProgress?: (progress: ExportProgress) => void): Promise<ExportProgress>
  stop(): Promise<void>
}

const archivedByServer =
  'A ClickHouse server keeps old months by its own storage policies; files are for the embedded lens.'

/** What comes within it is copied together. */
const followDelay = 1_000

export function createExporter(options: ExporterOptions): Exporter {
  let turn: Promise<unknown> = Promise.resolve()
  let progress: ExportProgress | null = null
  let timer: NodeJS.Timeout | null = null
  let isOpen = false
  let wasCompared = false
  let stopped = false

  let lastArchived = Number.NEGATIVE_INFINITY

  const copy = async (anew: boolean, tell: (now: ExportProgress) => void = () => {}) => {
    const lens = await options.lens.client()
    isOpen = true
    try {
      return await underExporterLock(options.truth.pool, async (client) => {
        const done = await bringUpToDate({
          client,
          lens,
          engine: options.lens.engine,
          model: await options.model(),
          rowsABatch: options.rowsABatch,
          anew,
          compare: !wasCompared,
          isStopped: () => stopped,
          onProgress: (now) => tell((progress = now)),
        })
        wasCompared = true
        return done
      })
    } finally {
      progress = null
    }
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work)
    turn = result.catch(() => {})
    return result
  }
  const catchUp: Exporter['catchUp'] = (onProgress) => inTurn(() => copy(false, onProgress))
  const archive: Exporter['archive'] = async (months, onProgress = () => {}) => {
    await catchUp()
    lastArchived = options.now()
    return inTurn(() => putAway(options, months, onProgress))
  }
  const followNow = async (): Promise<void> => {
    await catchUp()
    const { archiveAfterMonths: months } = options
    if (months !== null && options.now() - lastArchived >= dayMilliseconds) await archive(months)
  }
  return {
    catchUp,
    archive,
    underWay: () => progress,
    follow: () => {
      if (!isOpen || stopped || timer) return
      timer = setTimeout(() => {
        timer = null
        followNow().catch(options.onError)
      }, followDelay)
      timer.unref()
    },
    rebuild: (onProgress) => inTurn(() => copy(true, onProgress)),
    stop: async () => {
      stopped = true
      if (timer) clearTimeout(timer)
      await turn
    },
  }
}

/** Months older than so many, into files. */
async function putAway(
  { archiveFolder, lens, now, truth }: ExporterOptions,
  months: number,
  onProgress: (month: number) => void,
): Promise<number> {
  if (archiveFolder === null) throw new RapportError('invalid_request', archivedByServer)
  const open = await lens.client()
  return underExporterLock(truth.pool, async (client) => {
    const known = await readProgress(client)
    if (known === null) return 0
    const { lensId } = known
    const archiving = { client, lens: open, engine: lens.engine, lensId, folder: archiveFolder }
    return archiveMonths(archiving, monthBefore(now(), months), onProgress)
  })
}

/** A lock of the connection: it goes with the process, however that ends. */
async function underExporterLock<T>(
  pool: Truth['pool'],
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  // A copy that breaks off leaves its connection in the middle of it; closing that frees the lock too.
  let isSound = false
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock.exporter])
    const result = await work(client)
    await client.query('select pg_advisory_unlock($1)', [advisoryLock.exporter])
    isSound = true
    return result
  } finally {
    client.release(!isSound)
  }
}
