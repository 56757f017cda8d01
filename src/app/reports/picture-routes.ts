/** GET /api/reports/{id}/picture: the page of a report as PNG or PDF. */
import { z } from 'zod'
import { askedReport } from '../../prove/asked-query.ts'
import { RapportError } from '../../domain/error.ts'
import { storedQuery } from '../../domain/dashboard-view.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Pictures } from './pictures.ts'

const types = { png: 'image/png', pdf: 'application/pdf' } as const

export const pictureRoutes =
  (pictures: Pictures): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/api/reports/:id/picture', {
      schema: {
        summary: 'The page of a report as PNG or PDF',
        description:
          'Takes the parameters of the report besides. One picture is made at a time; where another is under way the answer is 503 with Retry-After.',
        tags: ['Reports'],
        params: z.object({ id: z.string().max(60) }),
        querystring: z
          .object({ format: z.enum(['png', 'pdf']).default('png') })
          .catchall(z.string().max(2000)),
      },
      handler: async ({ params, query: { format, ...given }, actor }, reply) => {
        const parsed = storedQuery.safeParse(given)
        if (!parsed.success) {
          throw new RapportError('invalid_request', 'A parameter has no name, or is no text.')
        }
        const query = parsed.data
        askedReport(params.id, query)
        if (actor === null) throw new RapportError('unauthorized')
        const asked = { report: params.id, query, format, as: actor }
        const body = await pictures.take(asked, { impatient: true })
        const day = new Date().toISOString().slice(0, 10)
        return reply
          .type(types[format])
          .header('content-disposition', `attachment; filename="${params.id}-${day}.${format}"`)
          .send(body)
      },
    })
  }
