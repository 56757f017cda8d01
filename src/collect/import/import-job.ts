/** The SQL of import jobs: claimed, moved forward chunk by chunk, listed. */
import { sql, type Kysely } from 'kysely'
import { RapportError } from '../../domain/error.ts'
import { advisoryLock } from '../../store/advisory-lock.ts'

export type ImportState = 'running' | 'paused' | 'done' | 'failed'

export interface ImportJob {
  readonly id: string
  readonly sourceId: string
  readonly fileName: string
  readonly path: string
  readonly state: ImportState
  /** Bytes of the file that are settled, of so many. */
  readonly bytesRead: number
  readonly bytesTotal: number
  /** Rows that are settled, faulty and skipped ones included. */
  readonly rows: number
  /** Touchpoints. */
  readonly accepted: number
  readonly duplicate: number
  /** Faulty rows, and touchpoints that were refused. */
  readonly rejected: number
  /** Rows that gave no touchpoint, as the mapping wants it. */
  readonly skipped: number
  /** Length of the error file. */
  readonly errorBytes: number
  /** Why it failed. */
  readonly message: string | null
  readonly startedAt: Date
  readonly updatedAt: Date
}

const columns = sql`id, source_id as "sourceId", file_name as "fileName", path, state,
  byte_offset as "bytesRead", bytes_total as "bytesTotal", row_number as rows, accepted, duplicate,
  rejected, skipped, error_bytes as "errorBytes", message, started_at as "startedAt",
  updated_at as "updatedAt"`

export interface NewImportJob {
  readonly id: string
  readonly sourceId: string
  readonly fileName: string
  readonly path: string
  readonly fileHash: string
  readonly mapping: string
  readonly bytesTotal: number
  readonly now: Date
}

/** The job of this file and mapping as it stands, made where there is none. A finished one stays finished. */
export async function claimImportJob(db: Kysely<unknown>, job: NewImportJob): Promise<ImportJob> {
  const { rows } = await sql<ImportJob>`
    insert into import_job as j
      (id, source_id, file_name, path, file_hash, mapping, state, bytes_total, started_at, updated_at)
    values (${job.id}, ${job.sourceId}, ${job.fileName}, ${job.path}, ${job.fileHash}, ${job.mapping},
      'running', ${job.bytesTotal}, ${job.now}, ${job.now})
    on conflict (id) do update set
      state = case when j.state = 'done' then 'done' else 'running' end,
      path = case when j.state = 'running' then j.path else excluded.path end,
      message = null,
      updated_at = excluded.updated_at
    returning ${columns}`.execute(db)
  return rows[0] as ImportJob
}

/** What a chunk added, and where it ended. */
export interface ImportStep {
  readonly bytesRead: number
  readonly rows: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  readonly skipped: number
  readonly errorBytes: number
  readonly now: Date
}

export async function recordStep(
  db: Kysely<unknown>,
  id: string,
  step: ImportStep,
): Promise<ImportJob> {
  const { rows } = await sql<ImportJob>`
    update import_job set
      byte_offset = ${step.bytesRead},
      row_number = ${step.rows},
      accepted = accepted + ${step.accepted},
      duplicate = duplicate + ${step.duplicate},
      rejected = rejected + ${step.rejected},
      skipped = skipped + ${step.skipped},
      error_bytes = ${step.errorBytes},
      updated_at = ${step.now}
    where id = ${id}
    returning ${columns}`.execute(db)
  return jobOf(rows)
}

export async function recordState(
  db: Kysely<unknown>,
  id: string,
  change: { state: ImportState; message?: string; now: Date },
): Promise<ImportJob> {
  const { rows } = await sql<ImportJob>`
    update import_job set state = ${change.state}, message = ${change.message ?? null},
      updated_at = ${change.now}
    where id = ${id}
    returning ${columns}`.execute(db)
  return jobOf(rows)
}

function jobOf(rows: readonly ImportJob[]): ImportJob {
  const [job] = rows
  if (!job) throw new RapportError('not_found', 'This import is not there any more.')
  return job
}

export async function findImportJob(db: Kysely<unknown>, id: string): Promise<ImportJob | null> {
  const { rows } = await sql<ImportJob>`
    select ${columns} from import_job where id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** The newest first. */
export async function listImportJobs(db: Kysely<unknown>): Promise<readonly ImportJob[]> {
  const { rows } = await sql<ImportJob>`
    select ${columns} from import_job order by started_at desc, id limit 100`.execute(db)
  return rows
}

/** The mapping of a job, as JSON. */
export async function findImportMapping(db: Kysely<unknown>, id: string): Promise<string | null> {
  const { rows } = await sql<{ mapping: string }>`
    select mapping from import_job where id = ${id}`.execute(db)
  return rows[0]?.mapping ?? null
}

/** What is running, paused or failed, the oldest first. */
export async function unfinishedImportJobs(db: Kysely<unknown>): Promise<readonly ImportJob[]> {
  const { rows } = await sql<ImportJob>`
    select ${columns} from import_job
    where state <> 'done' order by started_at, id limit 1000`.execute(db)
  return rows
}

/**
 * Does the work while this process alone holds the job, on a connection kept for it. The lock goes
 * with the connection, so a process that is killed holds nothing.
 *
 * @throws RapportError conflict where another process is at it.
 */
export async function holdingJob<Result>(
  db: Kysely<unknown>,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return db.connection().execute(async (connection) => {
    // Two numbers of 32 bits: the lock's own, without its prefix, and the job's.
    const lock = sql`${advisoryLock.importJob & 0xff}::integer, hashtext(${id})`
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_lock(${lock}) as held`.execute(connection)
    if (rows[0]?.held !== true) {
      throw new RapportError('conflict', 'This file is being imported at this moment.')
    }
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(connection)
    }
  })
}
