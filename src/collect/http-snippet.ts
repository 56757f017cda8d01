/** Gives websites the browser snippet, `/rapport.js` for a script element and `/rapport.mjs` to import. */
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RapportError } from '../domain/error.ts'

export interface SnippetOptions {
  /** Where the built snippet lies. */
  readonly folder: string
}

export const builtSnippet = join(import.meta.dirname, '../../sdk/dist')

interface Script {
  readonly plain: Buffer
  readonly packed: Buffer
  readonly tag: string
}

/** An hour: its address stands in other people's pages, so it cannot change with its contents. */
const cacheControl = 'public, max-age=3600, stale-while-revalidate=604800'

export async function snippetRoutes(
  app: FastifyInstance,
  { folder }: SnippetOptions,
): Promise<void> {
  for (const file of ['rapport.js', 'rapport.mjs']) {
    let known: Script | undefined
    app.get(
      `/${file}`,
      { config: { access: 'open' }, schema: { hide: true } },
      async (request, reply) => {
        known ??= readScript(join(folder, file))
        return sendScript(known, request, reply)
      },
    )
  }
}

function readScript(path: string): Script {
  try {
    const plain = readFileSync(path)
    return {
      plain,
      packed: gzipSync(plain, { level: 9 }),
      tag: `"${hash('sha256', plain, 'hex')}"`,
    }
  } catch (error) {
    const detail = 'The snippet is not built. Run "npm run build" once in the folder of Rapport.'
    throw new RapportError('not_found', detail, {}, error)
  }
}

function sendScript(script: Script, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // A module is asked for with CORS; the script holds no secret.
  reply.headers({
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': cacheControl,
    vary: 'Accept-Encoding',
    etag: script.tag,
  })
  if (request.headers['if-none-match']?.includes(script.tag)) return reply.code(304).send()
  reply.type('text/javascript; charset=utf-8')
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(script.plain)
  return reply.header('content-encoding', 'gzip').send(script.packed)
}
