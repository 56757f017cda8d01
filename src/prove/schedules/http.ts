/** /api/report-schedules: what is sent when and to whom, and what became of it. */
import { z } from 'zod'
import { addDelivery } from './deliveries.ts'
import { askedReport } from '../asked-query.ts'
import { checkRhythm, nextAt } from './next-at.ts'
import { deliveryList, deliveryView, scheduleDraft, scheduleList, scheduleView, type DeliveryAbilities, type ScheduleDraft, type ScheduleView } from '../../domain/schedule-view.ts' // prettier-ignore
import { insertSchedule, markSchedule, readDeliveries, readSchedules, readStored, updateSchedule } from './queries.ts' // prettier-ignore
import { RapportError } from '../../domain/error.ts'
import type { Actor } from '../../domain/actor.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'

export interface ScheduleParts {
  readonly db: Kysely<unknown>
  readonly now: () => number
  readonly newId: () => string
  readonly newSecret: () => string
  /** Throws where nothing may ever be sent to it. */
  readonly checkWebhook: (address: string) => void
  readonly abilities: () => Promise<DeliveryAbilities>
  /** Something may be due sooner than was known. */
  readonly wake: () => void
}

const byId = z.object({ id: z.uuid() })
const tags = ['Report schedules']
const gone = (): RapportError => new RapportError('not_found', 'There is no such schedule.')
const nobody: Actor = { kind: 'key', id: '00000000-0000-0000-0000-000000000000', name: '' }

export const scheduleRoutes =
  (parts: ScheduleParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { db, now, newId, newSecret, wake } = parts
    app.get('/api/report-schedules', {
      schema: {
        ...{ summary: 'What is sent when, and to whom', tags },
        querystring: z.object({ report: z.string().max(60).optional() }),
        response: { 200: scheduleList },
      },
      handler: async ({ query }) => ({
        schedules: await readSchedules(db, query),
        can: await parts.abilities(),
      }),
    })
    app.post('/api/report-schedules', {
      schema: {
        summary: 'Send a report at set times',
        description: 'Webhooks are signed by the Standard Webhooks specification; the answer has the secret.', // prettier-ignore
        ...{ tags, body: scheduleDraft, response: { 201: scheduleView } },
      },
      handler: async ({ body, actor }, reply) => {
        checkDraft(parts, body)
        const id = newId()
        const secret = body.channel === 'webhook' ? newSecret() : null
        const at = now()
        await insertSchedule(db, {
          ...{ ...body, id, secret, now: at },
          ...{ nextAt: nextAt(body, at), by: actor ?? nobody },
        })
        wake()
        return reply.code(201).send(await viewOf(db, id))
      },
    })
    app.get('/api/report-schedules/:id', {
      schema: { summary: 'One schedule', tags, params: byId, response: { 200: scheduleView } },
      handler: async ({ params }) => viewOf(db, params.id),
    })
    app.put('/api/report-schedules/:id', {
      schema: {
        ...{ summary: 'Change a schedule, pause it, or let it go on', tags, params: byId },
        ...{ body: scheduleDraft, response: { 200: scheduleView } },
      },
      handler: async ({ params, body }) => {
        checkDraft(parts, body)
        const present = await viewOf(db, params.id)
        const secret = body.channel === 'webhook' ? (present.secret ?? newSecret()) : null
        const next = nextAt(body, now())
        await updateSchedule(db, { ...body, id: params.id, secret, nextAt: next })
        wake()
        return viewOf(db, params.id)
      },
    })
    removing(app, parts)
    sending(app, parts)
  }

type App = Parameters<FastifyPluginAsyncZod>[0]

function removing(app: App, { db, now, wake }: ScheduleParts): void {
  app.delete('/api/report-schedules/:id', {
    schema: { summary: 'Remove a schedule', tags, params: byId, response: { 204: z.null() } },
    handler: async ({ params }, reply) => {
      await viewOf(db, params.id)
      await markSchedule(db, params.id, { removedAt: now() })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/report-schedules/:id/restore', {
    schema: {
      ...{ summary: 'Bring a removed schedule back', tags, params: byId },
      response: { 200: scheduleView },
    },
    handler: async ({ params }) => {
      const stored = await readStored(db, params.id)
      if (stored === null) throw gone()
      await markSchedule(db, params.id, { removedAt: null, nextAt: nextAt(stored, now()) })
      wake()
      return viewOf(db, params.id)
    },
  })
}

function sending(app: App, { db, now, wake }: ScheduleParts): void {
  app.post('/api/report-schedules/:id/send', {
    schema: {
      ...{ summary: 'Send it now, besides its times', tags, params: byId },
      response: { 202: deliveryView },
    },
    handler: async ({ params }, reply) => {
      await viewOf(db, params.id)
      const at = now()
      await addDelivery(db, params.id, at)
      wake()
      const deliveries = await readDeliveries(db, params.id, 20)
      const dueAt = new Date(at).toISOString()
      const delivery = deliveries.find((one) => one.dueAt === dueAt)
      if (delivery === undefined) throw new RapportError('internal')
      return reply.code(202).send(delivery)
    },
  })
  app.get('/api/report-schedules/:id/deliveries', {
    schema: {
      ...{ summary: 'What was sent, newest first', tags, params: byId },
      querystring: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
      response: { 200: deliveryList },
    },
    handler: async ({ params, query }) => {
      await viewOf(db, params.id)
      return { deliveries: await readDeliveries(db, params.id, query.limit) }
    },
  })
}

async function viewOf(db: Kysely<unknown>, id: string): Promise<ScheduleView> {
  const [view] = await readSchedules(db, { id })
  if (view === undefined) throw gone()
  return view
}

function checkDraft(parts: ScheduleParts, draft: ScheduleDraft): void {
  askedReport(draft.report, draft.query)
  checkRhythm(draft)
  if (draft.channel === 'webhook') {
    if (draft.targets.length > 1) {
      throw new RapportError('invalid_request', 'A webhook has one address. Make one schedule each.') // prettier-ignore
    }
    for (const address of draft.targets) parts.checkWebhook(address)
    return
  }
  const odd = draft.targets.filter((address) => !z.email().max(254).safeParse(address).success)
  if (odd.length > 0) {
    throw new RapportError('invalid_request', `${odd.join(', ')} is no e-mail address.`)
  }
}
