/** /api/dashboards: make, rename, remove and bring back; pin, order, change and remove pins. */
import { z } from 'zod'
import { dashboardDraft, dashboardList, dashboardView, pinChange, pinDraft, pinOrder, pinView, type DashboardView } from '../../domain/dashboard-view.ts' // prettier-ignore
import { RapportError } from '../../domain/error.ts'
import { askedReport } from '../asked-query.ts'
import { deletePin, insertDashboard, insertPin, lockDashboard, markDashboard, orderPins, readDashboard, readDashboards, renameDashboard, updatePin } from './queries.ts' // prettier-ignore
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'

export interface DashboardParts {
  readonly db: Kysely<unknown>
  readonly now: () => number
  readonly newId: () => string
}

/** More than anybody reads; each is a question to the lens. */
const mostPins = 30
const byId = z.object({ id: z.uuid() })
const byPin = z.object({ id: z.uuid(), pinId: z.uuid() })
const tags = ['Dashboards']
const gone = (): RapportError => new RapportError('not_found', 'There is no such dashboard.')
const demand = (found: boolean): void => {
  if (!found) throw gone()
}

export const dashboardRoutes =
  (parts: DashboardParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { db, now, newId } = parts
    const viewOf = async (id: string): Promise<DashboardView> => {
      const view = await readDashboard(db, id)
      if (view === null) throw gone()
      return view
    }
    app.get('/api/dashboards', {
      schema: { summary: 'All dashboards', tags, response: { 200: dashboardList } },
      handler: async () => ({ dashboards: await readDashboards(db) }),
    })
    app.post('/api/dashboards', {
      schema: {
        ...{ summary: 'Make a dashboard', tags },
        ...{ body: dashboardDraft, response: { 201: dashboardView } },
      },
      handler: async ({ body: { name }, actor }, reply) => {
        const id = newId()
        await insertDashboard(db, { id, name, by: actor?.name ?? '', now: now() })
        return reply.code(201).send(await viewOf(id))
      },
    })
    app.get('/api/dashboards/:id', {
      schema: { summary: 'One dashboard', tags, params: byId, response: { 200: dashboardView } },
      handler: async ({ params }) => viewOf(params.id),
    })
    app.put('/api/dashboards/:id', {
      schema: {
        ...{ summary: 'Rename a dashboard', tags, params: byId },
        ...{ body: dashboardDraft, response: { 200: dashboardView } },
      },
      handler: async ({ params, body }) => {
        demand(await renameDashboard(db, params.id, body.name))
        return viewOf(params.id)
      },
    })
    app.delete('/api/dashboards/:id', {
      schema: { summary: 'Remove a dashboard', tags, params: byId, response: { 204: z.null() } },
      handler: async ({ params }, reply) => {
        await viewOf(params.id)
        await markDashboard(db, params.id, now())
        return reply.code(204).send(null)
      },
    })
    app.post('/api/dashboards/:id/restore', {
      schema: {
        ...{ summary: 'Bring a removed dashboard back', tags, params: byId },
        response: { 200: dashboardView },
      },
      handler: async ({ params }) => {
        demand(await markDashboard(db, params.id, null))
        return viewOf(params.id)
      },
    })
    pinRoutes(app, parts, viewOf)
  }

type App = Parameters<FastifyPluginAsyncZod>[0]

function pinRoutes(
  app: App,
  { db, newId }: DashboardParts,
  viewOf: (id: string) => Promise<DashboardView>,
): void {
  app.post('/api/dashboards/:id/pins', {
    schema: {
      ...{ summary: 'Pin a report with what it is asked', tags, params: byId },
      ...{ body: pinDraft, response: { 201: pinView } },
    },
    handler: async ({ params, body: { position, ...draft } }, reply) => {
      askedReport(draft.report, draft.query)
      const pin = { id: newId(), ...draft }
      await db.transaction().execute(async (transaction) => {
        demand(await lockDashboard(transaction, params.id))
        const ids = (await readDashboard(transaction, params.id))?.pins.map(({ id }) => id) ?? []
        if (ids.length >= mostPins) {
          throw new RapportError('conflict', `A dashboard holds ${mostPins} reports at most.`)
        }
        await insertPin(transaction, params.id, pin)
        if (position !== undefined) {
          await orderPins(transaction, params.id, ids.toSpliced(position, 0, pin.id))
        }
      })
      return reply.code(201).send(pin)
    },
  })
  app.put('/api/dashboards/:id/pins/order', {
    schema: {
      ...{ summary: 'Put all pins into an order', tags, params: byId },
      ...{ body: pinOrder, response: { 200: dashboardView } },
    },
    handler: async ({ params, body }) => {
      await db.transaction().execute(async (transaction) => {
        demand(await lockDashboard(transaction, params.id))
        const present = (await readDashboard(transaction, params.id))?.pins ?? []
        const wanted = new Set(body.ids)
        if (wanted.size !== present.length || !present.every(({ id }) => wanted.has(id))) {
          throw new RapportError('conflict', 'Somebody pinned or removed a report meanwhile.')
        }
        await orderPins(transaction, params.id, [...wanted])
      })
      return viewOf(params.id)
    },
  })
  app.put('/api/dashboards/:id/pins/:pinId', {
    schema: {
      ...{ summary: 'Rename a pin, or change its width', tags, params: byPin },
      ...{ body: pinChange, response: { 200: dashboardView } },
    },
    handler: async ({ params, body }) => {
      demand(await updatePin(db, { dashboardId: params.id, pinId: params.pinId }, body))
      return viewOf(params.id)
    },
  })
  app.delete('/api/dashboards/:id/pins/:pinId', {
    schema: { summary: 'Remove a pin', tags, params: byPin, response: { 204: z.null() } },
    handler: async ({ params }, reply) => {
      demand(await deletePin(db, { dashboardId: params.id, pinId: params.pinId }))
      return reply.code(204).send(null)
    },
  })
}
