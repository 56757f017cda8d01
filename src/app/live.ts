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
  | { readonly kind: 'segment'; readonly id: string }
  /** A model was fitted, is being fitted, or gave its scores. */
  | { readonly kind: 'prediction'; readonly id: string }

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

export function createLive(options: LiveOptions = {}): Live {
  const settings = { everyMs: 500, heartbeatMs: 20_000, lifetimeMs: 600_000, ...options }
  const { maxConnections = 500 } = options
  const open = new Set<Connection>()
  let closed = false

  return {
    publish(news) {
      for (const connection of open) connection.note(news)
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
        const connection = new Connection(reply.raw, settings)
        open.add(connection)
        reply.raw.on('close', () => open.delete(connection))
      })
    },
  }
}

type Settings = Required<Omit<LiveOptions, 'maxConnections'>>

/** One browser that listens, and what it has not been told yet. */
class Connection {
  readonly response: ServerResponse
  readonly #everyMs: number
  #pending: Pending = nothing()
  /** True while the kernel's buffer is full: nothing is written until it drains. */
  #full = false
  #timer: NodeJS.Timeout | null = null
  #sentAt = -Infinity

  constructor(response: ServerResponse, { everyMs, heartbeatMs, lifetimeMs }: Settings) {
    this.response = response
    this.#everyMs = everyMs
    const beat = setInterval(() => this.#beat(), heartbeatMs)
    const end = setTimeout(() => response.end(), lifetimeMs)
    response.on('drain', () => {
      this.#full = false
      this.#schedule()
    })
    response.on('close', () => {
      clearInterval(beat)
      clearTimeout(end)
      if (this.#timer !== null) clearTimeout(this.#timer)
    })
    response.on('error', () => response.destroy())
    response.write('retry: 2000\n\n')
  }

  note(news: News): void {
    if (news.kind === 'touchpoints') this.#pending.touchpoints += news.count
    else if (news.kind === 'ladder') this.#pending.ladder = true
    else if (news.kind === 'segment') this.#pending.segments.add(news.id)
    else if (news.kind === 'prediction') this.#pending.predictions.add(news.id)
    else if (this.#pending.parties.size <= mostIds) this.#pending.parties.add(news.id)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#timer !== null || this.#full) return
    const wait = Math.max(0, this.#sentAt + this.#everyMs - performance.now())
    this.#timer = setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    this.#timer = null
    const text = this.#full ? '' : textOf(this.#pending)
    if (text === '') return
    this.#pending = nothing()
    this.#sentAt = performance.now()
    this.#full = !this.response.write(text)
  }

  #beat(): void {
    // A reader that has taken nothing for a whole beat is gone, whatever its socket says.
    if (this.#full) this.response.destroy()
    else this.#full = !this.response.write(': still here\n\n')
  }
}

interface Pending {
  touchpoints: number
  ladder: boolean
  readonly parties: Set<string>
  readonly segments: Set<string>
  readonly predictions: Set<string>
}

function nothing(): Pending {
  return {
    ...{ touchpoints: 0, ladder: false },
    ...{ parties: new Set(), segments: new Set(), predictions: new Set() },
  }
}

/** One message a kind; `ids` is null where too many parties changed to name them. */
function textOf({ touchpoints, ladder, parties, segments, predictions }: Pending): string {
  const messages: { kind: string; [field: string]: unknown }[] = []
  if (touchpoints > 0) messages.push({ kind: 'touchpoints', count: touchpoints })
  if (ladder) messages.push({ kind: 'ladder' })
  if (parties.size > 0) {
    messages.push({ kind: 'party', ids: parties.size > mostIds ? null : [...parties] })
  }
  if (segments.size > 0) messages.push({ kind: 'segment', ids: [...segments] })
  if (predictions.size > 0) messages.push({ kind: 'prediction', ids: [...predictions] })
  return messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join('')
}
