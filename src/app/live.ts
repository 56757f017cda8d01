/**
 * Live updates: server-sent events at GET /api/events. What is published is gathered for each
 * connection and sent at most twice a second; a connection that does not read is not written to,
 * so whatever happens it costs one small set of pending news and never more.
 */
import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsync } from 'fastify'
import { RapportError } from '../domain/error.ts'

export type News =
  | { readonly kind: 'touchpoints'; readonly count: number }
  | { readonly kind: 'ladder' }
  | { readonly kind: 'party'; readonly id: string }

export interface Live {
  publish(news: News): void
  connections(): number
  /** Ends all streams. Browsers come back by themselves. */
  close(): void
  readonly routes: FastifyPluginAsync
}

export interface LiveOptions {
  /** Shortest time between two messages on one connection. */
  readonly everyMs?: number
  readonly heartbeatMs?: number
  /** After this a stream ends, and the browser, coming back, shows again that it may listen. */
  readonly lifetimeMs?: number
  readonly maxConnections?: number
}

/** So many changed parties are named; beyond that a page does better to read anew. */
const mostIds = 100

interface Connection {
  readonly response: ServerResponse
  touchpoints: number
  ladder: boolean
  readonly parties: Set<string>
  /** True while the kernel's buffer is full: nothing is written until it drains. */
  full: boolean
  timer: NodeJS.Timeout | null
  sentAt: number
}

export function createLive(options: LiveOptions = {}): Live {
  const {
    everyMs = 500,
    heartbeatMs = 20_000,
    lifetimeMs = 600_000,
    maxConnections = 500,
  } = options
  const open = new Set<Connection>()
  let closed = false

  const flush = (connection: Connection): void => {
    connection.timer = null
    const text = connection.full ? '' : takeMessages(connection)
    if (text === '') return
    connection.sentAt = performance.now()
    connection.full = !connection.response.write(text)
  }
  const schedule = (connection: Connection): void => {
    if (connection.timer !== null || connection.full) return
    const wait = Math.max(0, connection.sentAt + everyMs - performance.now())
    connection.timer = setTimeout(flush, wait, connection)
  }

  const connect = (response: ServerResponse): void => {
    const connection: Connection = {
      response,
      touchpoints: 0,
      ladder: false,
      parties: new Set(),
      full: false,
      timer: null,
      sentAt: -Infinity,
    }
    open.add(connection)
    const beat = setInterval(() => {
      // A reader that has taken nothing for a whole beat is gone, whatever its socket says.
      if (connection.full) response.destroy()
      else connection.full = !response.write(': still here\n\n')
    }, heartbeatMs)
    const end = setTimeout(() => response.end(), lifetimeMs)
    response.on('drain', () => {
      connection.full = false
      schedule(connection)
    })
    response.on('close', () => {
      open.delete(connection)
      clearInterval(beat)
      clearTimeout(end)
      if (connection.timer !== null) clearTimeout(connection.timer)
    })
    response.on('error', () => response.destroy())
    response.write('retry: 2000\n\n')
  }

  return {
    publish(news) {
      for (const connection of open) {
        note(connection, news)
        schedule(connection)
      }
    },
    connections: () => open.size,
    close() {
      closed = true
      for (const { response } of open) response.end()
    },
    routes: async (app) => {
      app.get('/api/events', { schema: { hide: true } }, async (_request, reply) => {
        if (closed || open.size >= maxConnections) throw new RapportError('overloaded')
        reply.hijack()
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, value)
        }
        reply.raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // nginx would gather the stream otherwise.
          'x-accel-buffering': 'no',
        })
        connect(reply.raw)
      })
    },
  }
}

function note(connection: Connection, news: News): void {
  if (news.kind === 'touchpoints') connection.touchpoints += news.count
  else if (news.kind === 'ladder') connection.ladder = true
  else if (connection.parties.size <= mostIds) connection.parties.add(news.id)
}

/** One event a kind, named after it; `ids` is null where too many parties changed to name them. */
function takeMessages(connection: Connection): string {
  const messages: { kind: string; [field: string]: unknown }[] = []
  if (connection.touchpoints > 0)
    messages.push({ kind: 'touchpoints', count: connection.touchpoints })
  if (connection.ladder) messages.push({ kind: 'ladder' })
  if (connection.parties.size > 0) {
    const ids = connection.parties.size > mostIds ? null : [...connection.parties]
    messages.push({ kind: 'party', ids })
  }
  connection.touchpoints = 0
  connection.ladder = false
  connection.parties.clear()
  return messages
    .map((message) => `event: ${message.kind}\ndata: ${JSON.stringify(message)}\n\n`)
    .join('')
}
