/** The lens itself: how far behind it is, and its tables as files. */
import { z } from 'zod'
import { exportFormats } from '../domain/report-view.ts'
import { periodOf, scopeOf } from './scope.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ExportFormat } from '../domain/report-view.ts'
import type { LensParameter, LensReader } from '../store/lens-reader.ts'
import type { LensStatus } from '../store/lens-status.ts'
import type { Readable } from 'node:stream'

const lensView = z.object({
  engine: z.string(),
  copied: z.number(),
  behind: z.number(),
  copiedAt: z.iso.datetime().nullable(),
  underWay: z.object({ copied: z.number(), total: z.number() }).nullable(),
})

const tables = ['history', 'parties', 'moves'] as const
const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

export interface LensRouteParts {
  readonly reader: LensReader
  readonly status: () => Promise<LensStatus>
  readonly exportQuery: (
    query: string,
    parameters: Readonly<Record<string, LensParameter>>,
    format: ExportFormat,
  ) => Promise<Readable>
  readonly now: () => number
}

export const lensRoutes =
  ({ reader, status, exportQuery, now }: LensRouteParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/lens', {
      schema: {
        summary: 'How far the store of history is behind',
        tags: ['Reports'],
        response: { 200: lensView },
      },
      handler: status,
    })
    app.get('/api/lens/tables/:table/export', {
      schema: {
        summary: 'A table of the store of history as a file',
        description:
          '`history` (touchpoints but those of robots, with the party of today) and `moves` of a period; `parties` as they stand.',
        tags: ['Reports'],
        params: z.object({ table: z.enum(tables) }),
        querystring: z.object({
          from: z.iso.date().optional(),
          to: z.iso.date().optional(),
          format: z.enum(exportFormats).default('csv'),
        }),
      },
      handler: async ({ params, query }, reply) => {
        const period = periodOf(query, now())
        const scope = scopeOf(period, { kind: 'everybody' }, await reader.history())
        const stream = await exportQuery(
          `select * from ${scope[params.table]}`,
          scope.parameters,
          query.format,
        )
        const name = `${params.table}-${period.from}-${period.to}.${query.format}`
        return reply
          .type(types[query.format])
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(stream)
      },
    })
  }
