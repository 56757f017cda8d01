/**
 * Imports a file: its rows become events by the mapping, and go through the same normaliser and the
 * same pipeline as what comes over HTTP, in chunks, each acknowledged before the next is made.
 */
import { dirname, basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { AcceptBatch, BatchOutcome } from '../../domain/collected-batch.ts'
import { RapportError } from '../../domain/error.ts'
import type { IncomingTouchpoint } from '../../domain/touchpoint.ts'
import { ensureSource } from '../sources.ts'
import { compileMapping, type MapRow } from './map/compile-mapping.ts'
import { openErrorFile, type ErrorFile } from './error-file.ts'
import { fileIdentity, jobIdOf } from './file-identity.ts'
import {
  claimImportJob,
  holdingJob,
  recordState,
  recordStep,
  type ImportJob,
  type ImportState,
} from './import-job.ts'
import { loadLookups } from './lookups.ts'
import type { Mapping } from './mapping-schema.ts'
import { openFile, type FileRow, type OpenFile } from './read/read-rows.ts'
import { addRow, emptyChunk, isFull, type Chunk } from './row-chunk.ts'

export interface ImportOptions {
  readonly path: string
  readonly mapping: Mapping
  readonly accept: AcceptBatch
  readonly db: Kysely<unknown>
  readonly now: () => number
  /** Where the lookup files of the mapping lie; the folder of the file where it is not given. */
  readonly lookupFolder?: string
  /** Where the faulty rows of a job are written; beside the file where it is not given. */
  readonly errorFileOf?: (jobId: string) => string
  /** Told after every acknowledged chunk. */
  readonly onProgress?: (job: ImportJob) => void
  /**
   * Stops after the present chunk; the import is then `paused` (with `processEnds` as reason it stays
   * `running`, so that the next process takes it up) and goes on when it is called again.
   */
  readonly signal?: AbortSignal
  /** Touchpoints of a chunk. */
  readonly chunkSize?: number
}

/** Reason of an abort: not this import is unwanted, but the process ends. */
export const processEnds = Symbol('the process ends')

/** An import that can begin: the file is there, and has the columns that the mapping needs. */
export interface PreparedImport {
  readonly job: ImportJob
  /** Imports what is not imported yet. Never calls twice for a row that was acknowledged. */
  run(): Promise<ImportJob>
}

const defaultChunkSize = 2_000
const longestWait = 30_000
/** Thrown where the signal came while the pipeline was too busy to take the chunk. */
const stopped = Symbol('stopped')

/** @throws RapportError invalid_csv, invalid_mapping, conflict (another process is at it) or of the store. */
export async function importFile(options: ImportOptions): Promise<ImportJob> {
  const prepared = await prepareImport(options)
  return prepared.run()
}

/** Reads the header and the lookups and claims the job, but imports nothing yet. */
export async function prepareImport(options: ImportOptions): Promise<PreparedImport> {
  const { path, mapping, db, now } = options
  const identity = await fileIdentity(path)
  const lookupFolder = options.lookupFolder ?? dirname(path)
  const lookups = await loadLookups(mapping, lookupFolder)
  const file = await openFile(path, mapping.file)
  const compile = (columns: OpenFile['columns']): MapRow =>
    compileMapping(mapping, { fileHash: identity.hash, columns, lookups })
  try {
    compile(file.columns)
  } finally {
    await file.batches.return()
  }
  const text = JSON.stringify(mapping)
  await ensureSource(db, { id: mapping.source, name: mapping.mapping, kind: 'import' })
  const id = jobIdOf(identity.hash, text)
  const claim = (): Promise<ImportJob> =>
    claimImportJob(db, {
      id,
      sourceId: mapping.source,
      fileName: basename(path),
      path,
      fileHash: identity.hash,
      mapping: text,
      bytesTotal: identity.bytes,
      now: new Date(now()),
    })
  return {
    job: await claim(),
    run: () =>
      holdingJob(db, id, async () => {
        // Again: whoever held the job until now has moved it.
        const job = await claim()
        return job.state === 'done' ? job : new Run(options, job).all(compile)
      }),
  }
}

/** One run over a file, from where the job stands to its end. */
class Run {
  #job: ImportJob
  #chunk: Chunk = emptyChunk()
  readonly #options: ImportOptions
  readonly #size: number

  constructor(options: ImportOptions, job: ImportJob) {
    this.#options = options
    this.#job = job
    this.#size = options.chunkSize ?? defaultChunkSize
  }

  async all(compile: (columns: OpenFile['columns']) => MapRow): Promise<ImportJob> {
    const { path, mapping } = this.#options
    const errorPath = this.#options.errorFileOf?.(this.#job.id) ?? `${path}.errors.csv`
    const errors = await openErrorFile(errorPath, this.#job.errorBytes)
    try {
      const file = await openFile(path, mapping.file)
      const isWhole = await this.#rows(file, compile(file.columns), errors)
      return await this.#end(isWhole ? 'done' : this.#stateWhenStopped())
    } catch (error) {
      if (error === stopped) return await this.#end(this.#stateWhenStopped())
      const message =
        error instanceof RapportError ? error.message : 'It stopped by an error of ours.'
      // Where the store itself is away, what stopped the import is the better news.
      await this.#end('failed', message).catch(() => {})
      throw error
    } finally {
      await errors.close()
    }
  }

  #stateWhenStopped(): ImportState {
    return this.#options.signal?.reason === processEnds ? 'running' : 'paused'
  }

  #end(state: ImportState, message?: string): Promise<ImportJob> {
    const { db, now } = this.#options
    const change = { state, now: new Date(now()), ...(message !== undefined && { message }) }
    return recordState(db, this.#job.id, change)
  }

  /** False where the signal stopped it before the end. */
  async #rows(file: OpenFile, map: MapRow, errors: ErrorFile): Promise<boolean> {
    const { signal, mapping, now } = this.#options
    const circumstances = { sourceId: mapping.source, receivedAt: now() }
    const settled = this.#job.rows
    let bytes = this.#job.bytesRead
    for await (const batch of file.batches) {
      for (const row of batch.rows) {
        if (row.row <= settled) continue
        if (signal?.aborted) return false
        addRow(this.#chunk, row, map, circumstances)
        if (isFull(this.#chunk, this.#size)) await this.#settle(row, bytes, errors)
      }
      bytes = batch.bytes
      if (signal?.aborted) return false
    }
    const { lastRow } = this.#chunk
    if (lastRow) await this.#settle(lastRow, bytes, errors)
    return true
  }

  /** Everything of the chunk is durable before the job says that its rows are settled. */
  async #settle(row: FileRow, bytes: number, errors: ErrorFile): Promise<void> {
    const { db, now, onProgress } = this.#options
    const chunk = this.#chunk
    const outcome = await this.#accept(chunk.touchpoints)
    const errorBytes = await errors.append(chunk.errors)
    this.#job = await recordStep(db, this.#job.id, {
      bytesRead: bytes,
      rows: row.row,
      accepted: outcome.accepted,
      duplicate: outcome.duplicate,
      rejected: chunk.errors.length + outcome.rejected,
      skipped: chunk.skipped,
      errorBytes,
      now: new Date(now()),
    })
    this.#chunk = emptyChunk()
    onProgress?.(this.#job)
  }

  /** Waits while the pipeline says that it is too busy: an import is never in a hurry. */
  async #accept(touchpoints: readonly IncomingTouchpoint[]): Promise<BatchOutcome> {
    const { accept, mapping, signal } = this.#options
    if (touchpoints.length === 0) return { accepted: 0, duplicate: 0, rejected: 0, bot: 0 }
    for (let pause = 500; ; pause = Math.min(2 * pause, longestWait)) {
      try {
        return await accept({ sourceId: mapping.source, touchpoints, rejected: [] })
      } catch (error) {
        if (!(error instanceof RapportError) || error.code !== 'overloaded') throw error
        await wait(pause, undefined, { ...(signal && { signal }) }).catch(() => {
          throw stopped
        })
      }
    }
  }
}
