/** Imports over HTTP: upload, preview, progress, and the rows that could not be taken. */
import { createReadStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { AcceptBatch } from '../../domain/collected-batch.ts'
import { RapportError } from '../../domain/error.ts'
import { importPreview, importView, type ImportView } from '../../domain/import-view.ts'
import { problem } from '../../domain/view.ts'
import { sourceNames } from '../sources.ts'
import { findImportJob, listImportJobs, type ImportJob } from './import-job.ts'
import { ImportService, uploadPrefix } from './import-service.ts'
import { parseMapping } from './parse-mapping.ts'
import { previewBytes, previewFile } from './preview/preview-file.ts'
import { receiveBeginning, receiveUpload, safeFileName } from './upload.ts'

export interface ImportRoutesOptions {
  readonly db: Kysely<unknown>
  readonly accept: AcceptBatch
  /** Absolute path; uploads are kept below it until they are imported. */
  readonly dataFolder: string
  readonly now: () => number
  readonly newId: () => string
  /** Throws where the disk is too full for an upload. */
  readonly mayWrite?: () => void
  readonly bytesLimit?: number
  readonly onError?: (error: unknown) => void
}

const usualBytesLimit = 2 * 1024 ** 3
const tags = ['Imports']
const one = z.object({ id: z.uuid() })

/** Unfinished imports of the last process go on as soon as the server is ready. */
export async function importRoutes(
  app: FastifyInstance,
  options: ImportRoutesOptions,
): Promise<void> {
  const onError = options.onError ?? ((error) => app.log.error({ err: error }, 'import failed'))
  const service = new ImportService({ ...options, onError })
  app.addHook('onReady', () => service.resumeUnfinished())
  app.addHook('preClose', () => service.close())
  // A scope of their own, so that no other route takes multipart bodies.
  await app.register(async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false })
    // The beginning of a file may also come as it is, whatever its type says.
    scope.removeContentTypeParser('text/plain')
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: previewBytes },
      async (_request: unknown, body: Buffer) => body,
    )
    uploadRoutes(scope, service, options)
    previewRoute(scope, options.now)
    jobRoutes(scope, service, options.db)
  })
}

function uploadRoutes(
  app: FastifyInstance,
  service: ImportService,
  options: ImportRoutesOptions,
): void {
  const { db, newId } = options
  const { mayWrite = () => {}, bytesLimit = usualBytesLimit } = options
  const consumes = ['multipart/form-data']
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/imports',
    {
      schema: {
        tags,
        consumes,
        summary:
          'Import a CSV or NDJSON file: parts "file", "mapping" (YAML) and any "lookup" files',
        response: { 202: importView, 400: problem, 409: problem, 413: problem, 422: problem },
      },
    },
    async (request, reply) => {
      const folder = join(service.folder, `${uploadPrefix}${newId()}`)
      const upload = await receiveUpload(request, { folder, bytesLimit, mayWrite })
      try {
        const job = await service.start(upload.path, parseMapping(upload.mapping))
        return await reply.code(202).send(await viewOf(db, service, job))
      } catch (error) {
        await rm(folder, { recursive: true, force: true })
        throw error
      }
    },
  )
}

function previewRoute(app: FastifyInstance, now: () => number): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/imports/preview',
    {
      schema: {
        tags,
        consumes: ['multipart/form-data', 'text/csv'],
        summary:
          'Look at the beginning of a file: the part "file", or its first 256 KB as they are',
        querystring: z.object({ fileName: z.string().max(300).optional() }),
        response: { 200: importPreview, 400: problem, 413: problem, 422: problem },
      },
    },
    async (request) => {
      const { fileName = 'import.csv' } = request.query
      const { name, bytes } = Buffer.isBuffer(request.body)
        ? { name: safeFileName(fileName), bytes: request.body }
        : await receiveBeginning(request, previewBytes)
      const preview = previewFile(bytes, { fileName: name, now: now() })
      const { format, encoding, delimiter, header, columns, rows, mapping, remarks } = preview
      return {
        ...{ format, encoding, delimiter, header, suggestedMapping: mapping },
        columns: columns.map((column) => column.name),
        guesses: columns.map(({ kind, example }) => ({ kind, example })),
        rows: rows.map((row) => [...row]),
        remarks: [...remarks],
      }
    },
  )
}

function jobRoutes(app: FastifyInstance, service: ImportService, db: Kysely<unknown>): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const find = async (id: string): Promise<ImportJob> => {
    const job = await findImportJob(db, id)
    if (!job) throw new RapportError('not_found')
    return job
  }
  routes.get(
    '/api/imports',
    {
      schema: {
        tags,
        summary: 'The last hundred imports, newest first',
        response: { 200: z.object({ imports: z.array(importView) }) },
      },
    },
    async () => ({ imports: await viewsOf(db, service, await listImportJobs(db)) }),
  )
  routes.get(
    '/api/imports/:id',
    {
      schema: {
        tags,
        summary: 'One import',
        params: one,
        response: { 200: importView, 404: problem },
      },
    },
    async ({ params }) => viewOf(db, service, await find(params.id)),
  )
  for (const action of ['pause', 'resume'] as const) {
    routes.post(
      `/api/imports/:id/${action}`,
      {
        schema: {
          tags,
          summary: action === 'pause' ? 'Stop after the present chunk' : 'Go on where it stopped',
          params: one,
          response: { 200: importView, 404: problem, 409: problem },
        },
      },
      async ({ params }) => viewOf(db, service, await service[action](params.id)),
    )
  }
  routes.get(
    '/api/imports/:id/errors.csv',
    {
      schema: { tags, summary: 'Rows that could not be taken, with line and reason', params: one },
    },
    async ({ params }, reply) => {
      const { id, errorBytes } = await find(params.id)
      const path = service.errorFileOf(id)
      if (errorBytes === 0 || !existsSync(path)) throw new RapportError('not_found')
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${id}.errors.csv"`)
        .send(createReadStream(path, { end: errorBytes - 1 }))
    },
  )
}

async function viewOf(
  db: Kysely<unknown>,
  service: ImportService,
  job: ImportJob,
): Promise<ImportView> {
  const [view] = await viewsOf(db, service, [job])
  return view as ImportView
}

async function viewsOf(
  db: Kysely<unknown>,
  service: ImportService,
  jobs: readonly ImportJob[],
): Promise<ImportView[]> {
  const names = await sourceNames(
    db,
    jobs.map(({ sourceId }) => sourceId),
  )
  return jobs.map((job) => ({
    id: job.id,
    source: { id: job.sourceId, name: names.get(job.sourceId) ?? job.sourceId },
    fileName: job.fileName,
    state: job.state,
    bytesDone: job.bytesRead,
    bytesTotal: job.bytesTotal,
    rows: job.rows,
    accepted: job.accepted,
    duplicate: job.duplicate,
    rejected: job.rejected,
    skipped: job.skipped,
    // Imports of the command line leave theirs beside their file.
    hasErrorFile: job.errorBytes > 0 && existsSync(service.errorFileOf(job.id)),
    message: job.message,
    startedAt: job.startedAt.toISOString(),
    updatedAt: job.updatedAt.toISOString(),
  }))
}
