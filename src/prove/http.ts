/** GET /api/reports: the list, each report, and each of its tables as a file. */
import { z } from 'zod'
import { exportFormats, reportAnswerOf, reportListing, reportQuery } from '../domain/report-view.ts'
import { RapportError } from '../domain/error.ts'
import { reports } from './reports.ts'
import { runReport, type ReportParts } from './run-report.ts'
import { tableFile } from './table-file.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { ReportQuery } from '../domain/report-view.ts'

const tags = ['Reports']
const exportParameters = z.object({
  format: z.enum(exportFormats).default('csv'),
  table: z
    .string()
    .max(60)
    .optional()
    .describe('Id of the table; the first one where it is not said.'),
})

export const reportRoutes =
  (parts: ReportParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/reports', {
      schema: { summary: 'All reports', tags, response: { 200: reportListing } },
      handler: async () => ({
        reports: reports.map(({ id, title, about }) => ({ id, title, about })),
      }),
    })
    for (const report of reports) {
      const querystring = reportQuery.extend(report.parameters.shape)
      app.get(`/api/reports/${report.id}`, {
        schema: {
          summary: report.title,
          description: report.about,
          tags,
          querystring,
          response: { 200: reportAnswerOf(report.picture) },
        },
        handler: async ({ query }) => runReport(parts, report, query as ReportQuery),
      })
      app.get(`/api/reports/${report.id}/export`, {
        schema: {
          summary: `${report.title}, as a file`,
          description: 'CSV (RFC 4180, UTF-8), NDJSON or Parquet.',
          tags,
          querystring: querystring.extend(exportParameters.shape),
        },
        handler: async ({ query }, reply) => {
          const { format, table: wanted } = exportParameters.parse(query)
          const answer = await runReport(parts, report, query as ReportQuery)
          const table = answer.tables.find(({ id }) => id === wanted) ?? answer.tables[0]
          if (table === undefined || (wanted !== undefined && table.id !== wanted)) {
            const known = answer.tables.map(({ id }) => id).join(', ')
            throw new RapportError('not_found', `The tables of this report are: ${known}.`)
          }
          const file = await tableFile(parts.reader, table, format)
          const name = `${report.id}-${table.id}-${answer.period.from}-${answer.period.to}.${format}`
          return reply
            .type(file.type)
            .header('content-disposition', `attachment; filename="${name}"`)
            .send(file.body)
        },
      })
    }
  }
