/** A server with only the routes of this room, for tests. */
import { Buffer } from 'node:buffer'
import fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import { touchpointIdOf } from '../domain/identifier.ts'
import type { AcceptBatch } from '../domain/collected-batch.ts'
import { freshDatabase, type TestTruth } from '../store/testing.ts'
import { collectRoutes, type CollectOptions } from './http.ts'
import { createSourceKeys } from './source-keys.ts'
import { createSource } from './sources.ts'
import { acceptInto, testNow } from './testing.ts'

export interface CollectServer {
  readonly truth: TestTruth
  readonly app: FastifyInstance
  /** The part of the pipeline that belongs to this room; a test may put another in its place. */
  accept: AcceptBatch
  /** A further server on the same database, with other options. */
  start(changes: Partial<CollectOptions>): Promise<FastifyInstance>
  post(
    url: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>
  logged(messageId: string): Promise<LoggedRow | undefined>
  close(): Promise<void>
}

export interface LoggedRow {
  readonly type: string
  readonly at: Date
  readonly context: object
}

export const basic = (key: string): string => `Basic ${Buffer.from(key).toString('base64')}`

export const testEvent = (more: object = {}): object => ({
  ...{ userId: 'u-1', event: 'Order Completed' },
  ...more,
})

/** With two sources: `wk_web`, and `wk_shop`, which takes events of https://shop.example only. */
export async function startCollect(): Promise<CollectServer> {
  const truth = await freshDatabase()
  await createSource(truth.db, { id: 'web', name: 'Web', kind: 'web', writeKey: 'wk_web' })
  await createSource(truth.db, {
    ...{ id: 'shop', name: 'Shop', kind: 'web', writeKey: 'wk_shop' },
    allowedOrigins: ['https://shop.example'],
  })
  let messages = 0
  const start = async (changes: Partial<CollectOptions>): Promise<FastifyInstance> => {
    const app = fastify()
    await collectRoutes(app, {
      accept: (batch) => server.accept(batch),
      sourceOfKey: createSourceKeys(truth.db, () => testNow),
      now: () => testNow,
      newMessageId: () => `made-${messages++}`,
      ...changes,
    })
    return app
  }
  const app = await start({})
  const server: CollectServer = {
    ...{ truth, app, start, accept: acceptInto(truth.db) },
    async post(url, body, headers = {}) {
      const payload =
        typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
      const all = { authorization: basic('wk_web:'), ...headers }
      return app.inject({ method: 'POST', url, payload, headers: all })
    },
    async logged(messageId) {
      const { rows } = await sql<LoggedRow>`
        select type, occurred_at as at, context from touchpoint
        where id = ${touchpointIdOf('web', messageId)}::uuid`.execute(truth.db)
      return rows[0]
    },
    async close() {
      await app.close()
      await truth.close()
    },
  }
  return server
}
