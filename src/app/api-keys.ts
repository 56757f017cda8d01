/**
 * API keys: Bearer tokens for programs. A key is shown once; stored are its SHA-256 (it has 256 bits
 * of chance, so nothing slower is needed) and its last four characters, to tell keys apart.
 */
import { hash, randomBytes, randomUUID } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { sql, type Kysely } from 'kysely'
import { z } from 'zod'
import type { Actor } from '../domain/actor.ts'
import { RapportError } from '../domain/error.ts'

const keyView = z.object({
  id: z.uuid(),
  name: z.string(),
  lastFour: z.string(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
})
export type ApiKeyView = z.infer<typeof keyView>

interface KeyRow {
  readonly id: string
  readonly name: string
  readonly last_four: string
  readonly created_at: Date
  readonly revoked_at: Date | null
}

const configuredName = 'RAPPORT_API_KEY'

/** Makes a key. The answer is the only place where it can ever be read. */
export async function createApiKey(
  db: Kysely<unknown>,
  name: string,
): Promise<ApiKeyView & { key: string }> {
  const key = `rk_${randomBytes(32).toString('base64url')}`
  const { rows } = await sql<KeyRow>`
    insert into api_key (id, name, key_hash, last_four)
    values (${randomUUID()}, ${name}, ${hash('sha256', key, 'hex')}, ${key.slice(-4)})
    returning id, name, last_four, created_at, revoked_at
  `.execute(db)
  if (!rows[0]) throw new RapportError('internal')
  return { ...viewOf(rows[0]), key }
}

/** Makes the configured key known, and the one configured before it unknown. */
export async function setConfiguredKey(db: Kysely<unknown>, key: string | null): Promise<void> {
  const keyHash = key === null ? '' : hash('sha256', key, 'hex')
  await db.transaction().execute(async (transaction) => {
    await sql`
      update api_key set revoked_at = now()
      where name = ${configuredName} and key_hash <> ${keyHash} and revoked_at is null
    `.execute(transaction)
    if (key === null) return
    await sql`
      insert into api_key (id, name, key_hash, last_four)
      values (${randomUUID()}, ${configuredName}, ${keyHash}, ${key.slice(-4)})
      on conflict (key_hash) do update set revoked_at = null
    `.execute(transaction)
  })
}

export async function actorOfKey(db: Kysely<unknown>, key: string): Promise<Actor | null> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from api_key
    where key_hash = ${hash('sha256', key, 'hex')} and revoked_at is null
  `.execute(db)
  return rows[0] ? { kind: 'key', ...rows[0] } : null
}

export async function listApiKeys(db: Kysely<unknown>): Promise<ApiKeyView[]> {
  const { rows } = await sql<KeyRow>`
    select id, name, last_four, created_at, revoked_at from api_key
    order by created_at desc, id
  `.execute(db)
  return rows.map(viewOf)
}

/** From now on the key opens nothing. False where there is no such key. */
export async function revokeApiKey(db: Kysely<unknown>, id: string): Promise<boolean> {
  const { rows } = await sql`
    update api_key set revoked_at = coalesce(revoked_at, now()) where id = ${id} returning id
  `.execute(db)
  return rows.length > 0
}

function viewOf(row: KeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    lastFour: row.last_four,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  }
}

export function apiKeyRoutes(db: Kysely<unknown>): FastifyPluginAsync {
  return async (app) => {
    const routes = app.withTypeProvider<ZodTypeProvider>()
    routes.route({
      method: 'GET',
      url: '/api/keys',
      schema: {
        tags: ['API keys'],
        summary: 'All keys, revoked ones too; never the keys themselves',
        response: { 200: z.object({ keys: z.array(keyView) }) },
      },
      handler: async () => ({ keys: await listApiKeys(db) }),
    })
    routes.route({
      method: 'POST',
      url: '/api/keys',
      schema: {
        tags: ['API keys'],
        summary: 'Make a key; it is shown in this answer and never again',
        body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
        response: { 201: keyView.extend({ key: z.string() }) },
      },
      handler: async (request, reply) => {
        if (request.body.name === configuredName) {
          throw new RapportError('conflict', 'This name stands for the configured key.')
        }
        return reply.code(201).send(await createApiKey(db, request.body.name))
      },
    })
    routes.route({
      method: 'DELETE',
      url: '/api/keys/:id',
      schema: {
        tags: ['API keys'],
        summary: 'Revoke a key',
        params: z.object({ id: z.uuid() }),
        response: { 204: z.undefined() },
      },
      handler: async (request, reply) => {
        if (!(await revokeApiKey(db, request.params.id))) throw new RapportError('not_found')
        return reply.code(204).send()
      },
    })
  }
}
