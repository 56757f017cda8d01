import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { problem } from '../../domain/view.ts'
import { createDiskGuard } from '../../store/disk-space.ts'

/** A store as the server sees it: something that can be asked, and must be closed. */
export interface Store {
  readonly name: string
  /** Resolves where the store can be used, rejects where it cannot. */
  readonly check: () => Promise<unknown>
  readonly close: () => Promise<unknown>
}

const answerWithinMs = 2_000

async function failureOf(store: Store): Promise<string | null> {
  const late = Symbol('late')
  const { promise, resolve } = Promise.withResolvers<typeof late>()
  const timer = setTimeout(() => resolve(late), answerWithinMs)
  try {
    const outcome = await Promise.race([store.check(), promise])
    return outcome === late ? `The ${store.name} did not answer within ${answerWithinMs} ms.` : null
  } catch {
    return `The ${store.name} cannot be reached.`
  } finally {
    clearTimeout(timer)
  }
}

const fine = z.object({ status: z.literal('ok') })

/** `/healthz`: the process lives. `/readyz`: it can do its work. Both say nothing about data. */
export function answerHealth(app: FastifyInstance, stores: readonly Store[], folder: string): void {
  const disk = createDiskGuard({ folder, now: () => performance.now() })
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.route({
    method: 'GET',
    url: '/healthz',
    schema: { tags: ['Health'], summary: 'Is the process alive?', response: { 200: fine } },
    handler: async () => ({ status: 'ok' }) as const,
  })
  routes.route({
    method: 'GET',
    url: '/readyz',
    schema: {
      tags: ['Health'],
      summary: 'Can the process work: stores reachable, disk not full?',
      response: { 200: fine, 503: problem },
    },
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      // First: a store that gave up for want of room is not what an operator has to mend.
      disk.check()
      const failures = (await Promise.all(stores.map(failureOf))).filter((text) => text !== null)
      if (failures.length > 0) throw new RapportError('store_unavailable', failures.join(' '))
      return { status: 'ok' } as const
    },
  })
}
