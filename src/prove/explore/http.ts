/** POST /api/explore: a question in SQL. GET .../schema says what can be asked. */
import { z } from 'zod'
import {
  exploreAnswer,
  exploreFile,
  exploreQuestion,
  exploreSchema,
} from '../../domain/explore-view.ts'
import { examples, views } from './schema.ts'
import { secondsAsked } from '../../store/asked-lens.ts'
import { rowsInFile, rowsShown, type Explorer } from './explorer.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FastifyReply } from 'fastify'

const tags = ['Reports']
const types = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
}

export const exploreRoutes =
  (explorer: Explorer): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/explore/schema', {
      schema: {
        summary: 'Tables and columns that can be asked in SQL, with examples',
        tags,
        response: { 200: exploreSchema },
      },
      handler: async () => ({
        views: await Promise.all(
          views.map(async ({ name, about, columns: words }) => {
            const types = new Map(
              (await explorer.columns(name)).map((column) => [column.name, column.type]),
            )
            const told = Object.entries(words).filter(([column]) => types.has(column))
            return {
              name,
              about,
              columns: told.map(([column, says]) => ({
                name: column,
                type: types.get(column) ?? '',
                about: says,
              })),
            }
          }),
        ),
        examples,
        limits: { seconds: secondsAsked, rowsShown, rowsInFile },
      }),
    })
    app.post('/api/explore', {
      schema: {
        summary: 'Ask the history of touchpoints in SQL',
        description:
          'One SELECT over the views history, parties and moves, in the SQL of ClickHouse. Nothing can be ' +
          `changed by it. ${secondsAsked} seconds, 1 GB of memory and ${rowsShown} rows at most.`,
        tags,
        body: exploreQuestion,
        response: { 200: exploreAnswer },
      },
      handler: async ({ body }, reply) => explorer.ask(body.sql, goneSignal(reply)),
    })
    app.get('/api/explore/export', {
      schema: {
        summary: 'The answer to a question in SQL as a file',
        description: `CSV, NDJSON or Parquet, up to ${rowsInFile} rows.`,
        tags,
        querystring: exploreFile,
        response: { 200: z.any() },
      },
      handler: async ({ query: { sql, format } }, reply) => {
        const file = await explorer.file(sql, format, goneSignal(reply))
        return reply
          .type(types[format])
          .header('content-disposition', `attachment; filename="explore.${format}"`)
          .send(file)
      },
    })
  }

/** Aborted when nobody waits for the answer any more. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) gone.abort()
  })
  return gone.signal
}
