/** The imports of a server: one after the other, stopped with it and taken up again when it starts. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Kysely } from 'kysely'
import type { AcceptBatch } from '../../domain/collected-batch.ts'
import { RapportError } from '../../domain/error.ts'
import { prepareImport, processEnds, type PreparedImport } from './import-file.ts'
import {
  findImportJob,
  findImportMapping,
  recordState,
  unfinishedImportJobs,
  type ImportJob,
} from './import-job.ts'
import { mappingSchema, type Mapping } from './mapping-schema.ts'

export interface ImportServiceOptions {
  readonly db: Kysely<unknown>
  readonly accept: AcceptBatch
  /** Uploads wait in `imports` below it; so do the error files. */
  readonly dataFolder: string
  readonly now: () => number
  /** Told what made an import fail, beside what its job says. */
  readonly onError: (error: unknown) => void
}

interface Running {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

export class ImportService {
  readonly folder: string
  readonly #options: ImportServiceOptions
  readonly #running = new Map<string, Running>()
  #last: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: ImportServiceOptions) {
    this.#options = options
    this.folder = join(options.dataFolder, 'imports')
  }

  errorFileOf(id: string): string {
    return join(this.folder, `${id}.errors.csv`)
  }

  /** Begins to import an upload, which lies alone with its lookups in a folder below `folder`. */
  async start(path: string, mapping: Mapping): Promise<ImportJob> {
    const { db, accept, now } = this.#options
    const stop = new AbortController()
    const prepared = await prepareImport({
      ...{ path, mapping, accept, db, now },
      signal: stop.signal,
      errorFileOf: (id) => this.errorFileOf(id),
    })
    const { job } = prepared
    if (this.#running.has(job.id)) {
      throw new RapportError('conflict', 'This file is being imported at this moment.')
    }
    if (this.#closed) return job
    // One at a time: each takes the pipeline as fast as it lets it.
    this.#last = this.#last.then(() => this.#run(prepared, path))
    this.#running.set(job.id, { stop, ended: this.#last })
    return job
  }

  async #run({ job, run }: PreparedImport, path: string): Promise<void> {
    try {
      const { state } = await run()
      if (state === 'done') await rm(dirname(path), { recursive: true, force: true })
    } catch (error) {
      this.#options.onError(error)
    } finally {
      this.#running.delete(job.id)
    }
  }

  /** @throws RapportError not_found, or conflict where its file is gone. */
  async resume(id: string): Promise<ImportJob> {
    const { db } = this.#options
    const job = await findImportJob(db, id)
    const mapping = await findImportMapping(db, id)
    if (!job || mapping === null) throw new RapportError('not_found')
    if (job.state === 'done' || this.#running.has(id)) return job
    if (!this.#isUpload(job) || !existsSync(job.path)) {
      throw new RapportError('conflict', 'Its file is not here any more: import it again.')
    }
    return this.start(job.path, mappingSchema.parse(JSON.parse(mapping)))
  }

  /** Resolves once nothing of it is under way any more. */
  async pause(id: string): Promise<ImportJob> {
    const { db, now } = this.#options
    const running = this.#running.get(id)
    running?.stop.abort()
    await running?.ended
    const job = await findImportJob(db, id)
    if (!job) throw new RapportError('not_found')
    // The process that ran it may have been killed. One of the command line is not ours to pause.
    if (job.state !== 'running' || !this.#isUpload(job)) return job
    return recordState(db, id, { state: 'paused', now: new Date(now()) })
  }

  /** Goes on with what the last process left running, and clears away what nobody needs any more. */
  async resumeUnfinished(): Promise<void> {
    const { db, onError } = this.#options
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const unfinished = await unfinishedImportJobs(db)
    const needed = new Set(unfinished.map(({ path }) => dirname(path)))
    for (const name of await readdir(this.folder)) {
      const upload = join(this.folder, name)
      if (!name.startsWith(uploadPrefix) || needed.has(upload)) continue
      await rm(upload, { recursive: true, force: true })
    }
    for (const job of unfinished) {
      if (job.state !== 'running' || !this.#isUpload(job)) continue
      await this.resume(job.id).catch(onError)
    }
  }

  /** Stops everything after the present chunk; it goes on with the next process. */
  async close(): Promise<void> {
    this.#closed = true
    for (const { stop } of this.#running.values()) stop.abort(processEnds)
    await this.#last
  }

  #isUpload({ path }: ImportJob): boolean {
    return path.startsWith(this.folder + sep)
  }
}

/** Folders of uploads begin with it; beside them lie the error files. */
export const uploadPrefix = 'upload-'
