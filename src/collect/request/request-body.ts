import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { RapportError } from '../../domain/error.ts'
import { batchBytesLimit } from './decode-body.ts'

export interface BacklogLimits {
  /** Events whose requests have not been answered yet. */
  readonly events: number
  /** Bytes of request bodies held for them. */
  readonly bytes: number
}

/** What may wait at most: some 200 MB with everything that is made of the bytes. */
export const usualBacklog: BacklogLimits = { events: 50_000, bytes: 32 * 1024 * 1024 }

/** A body too large is still read to its end, and forgotten, so that the client hears why it failed. */
const drainLimit = 8 * 1024 * 1024

export interface Backlog {
  /** Begins to count the bytes of a request; they are given back when it has ended. */
  open(request: FastifyRequest, reply: FastifyReply): void
  /** False where there is no room. */
  takesBytes(request: FastifyRequest, count: number): boolean
  /**
   * Runs `work` for so many events. They count until it is done, also where the client has hung up:
   * else hanging up at once would be a way around the limit.
   *
   * @throws RapportError overloaded
   */
  whileWaiting<T>(events: number, work: () => Promise<T>): Promise<T>
}

/**
 * Counts what is being taken, so that memory stays bounded however many senders there are: beyond
 * the limit they are asked to come again, which every client of this protocol does.
 */
export function createBacklog(limits: BacklogLimits): Backlog {
  let waitingEvents = 0
  let waitingBytes = 0
  const bytesOf = new WeakMap<FastifyRequest, number>()
  return {
    open(request, reply) {
      bytesOf.set(request, 0)
      const release = (): void => {
        waitingBytes -= bytesOf.get(request) ?? 0
        bytesOf.delete(request)
      }
      // Whichever comes first: the answer is out, or the connection is gone.
      reply.raw.once('finish', release)
      reply.raw.once('close', release)
    },
    takesBytes(request, count) {
      const held = bytesOf.get(request)
      if (held === undefined || waitingBytes + count > limits.bytes) return false
      bytesOf.set(request, held + count)
      waitingBytes += count
      return true
    },
    async whileWaiting(events, work) {
      // One batch always fits, whatever the limit: it could never be taken otherwise.
      if (waitingEvents > 0 && waitingEvents + events > limits.events) throw overloaded()
      waitingEvents += events
      try {
        return await work()
      } finally {
        waitingEvents -= events
      }
    },
  }
}

function overloaded(): RapportError {
  return new RapportError('overloaded', undefined, { retryAfterSeconds: 2 })
}

/**
 * A content type parser that gives the bytes of a body, whatever its type. Room is taken as they
 * arrive, so a slow client holds only what it has sent.
 */
export function readBody(
  backlog: Backlog,
  request: FastifyRequest,
  payload: Readable,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let length = 0
  let refusal: RapportError | null = null
  payload.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > batchBytesLimit) refusal ??= new RapportError('batch_too_large')
    if (refusal === null && !backlog.takesBytes(request, chunk.length)) refusal = overloaded()
    if (refusal === null) chunks.push(chunk)
    else if (length > drainLimit) reject(refusal)
  })
  payload.on('end', () => (refusal ? reject(refusal) : resolve(Buffer.concat(chunks))))
  payload.on('error', (error) => {
    reject(new RapportError('invalid_request', 'The body did not arrive whole.', {}, error))
  })
  return promise
}
