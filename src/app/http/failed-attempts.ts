/**
 * Counts failed authentications by client address: after some of them in a window, further failures
 * are answered 429 until it ends. Only failures are ever limited, so a good key from the same address
 * (an office, a cloud's gateway) is served all along. Keys have too much chance in them to be guessed;
 * what this spares us are clients that send with a wrong key for ever.
 */
import { isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RapportError } from '../../domain/error.ts'
import { accessOf } from './access.ts'

/** Each is counted for itself: a misconfigured site must not keep the team from signing in. */
export type AttemptKind = 'write key' | 'API key' | 'sign-in'

interface Allowance {
  /** Failures that one address may have in a window. */
  readonly failures: number
  /** Milliseconds. */
  readonly window: number
}

export const allowances: Readonly<Record<AttemptKind, Allowance>> = {
  'write key': { failures: 60, window: 60_000 },
  'API key': { failures: 60, window: 60_000 },
  'sign-in': { failures: 30, window: 15 * 60_000 },
}

/** Addresses remembered for each kind: some hundred bytes each, so a few megabytes at most. */
const mostAddresses = 10_000

interface Window {
  failures: number
  readonly endsAt: number
}

export interface Standing {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the count begins anew. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

export class FailedAttempts {
  /** In the order in which the windows end, since all windows of a kind are equally long. */
  readonly #windows = new Map<AttemptKind, Map<string, Window>>()
  /** Milliseconds of a clock that is never set. */
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Counts one more failure. */
  record(kind: AttemptKind, address: string): Standing {
    const { failures, window } = allowances[kind]
    const windows = this.#windowsOf(kind)
    const key = clientOf(address)
    let mine = this.#live(windows, key)
    if (!mine) {
      mine = { failures: 0, endsAt: this.#now() + window }
      this.#makeRoom(windows)
      windows.set(key, mine)
    }
    mine.failures = Math.min(mine.failures + 1, failures + 1)
    return this.#standing(kind, mine)
  }

  /** How it stands without counting anything. */
  look(kind: AttemptKind, address: string): Standing {
    const mine = this.#live(this.#windowsOf(kind), clientOf(address))
    const standing = this.#standing(kind, mine ?? { failures: 0, endsAt: this.#now() })
    return { ...standing, exceeded: mine !== undefined && standing.remaining === 0 }
  }

  /** Addresses remembered, of all kinds. */
  get size(): number {
    return [...this.#windows.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #windowsOf(kind: AttemptKind): Map<string, Window> {
    const known = this.#windows.get(kind) ?? new Map<string, Window>()
    this.#windows.set(kind, known)
    return known
  }

  #live(windows: Map<string, Window>, key: string): Window | undefined {
    const found = windows.get(key)
    if (found && found.endsAt > this.#now()) return found
    windows.delete(key)
    return undefined
  }

  /** Those that have ended go first; where all last, the one that would end next. */
  #makeRoom(windows: Map<string, Window>): void {
    for (const [key, { endsAt }] of windows) {
      if (endsAt > this.#now() && windows.size < mostAddresses) return
      windows.delete(key)
    }
  }

  #standing(kind: AttemptKind, { failures, endsAt }: Window): Standing {
    const limit = allowances[kind].failures
    return {
      limit,
      remaining: Math.max(0, limit - failures),
      resetSeconds: Math.max(0, Math.ceil((endsAt - this.#now()) / 1000)),
      exceeded: failures > limit,
    }
  }
}

/** Whoever has one IPv6 address has 2^64 of them: the network counts (RFC 6177). */
export function clientOf(address: string): string {
  const bare = address.split('%', 1)[0] ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare
  const [head = '', tail] = bare.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** Where passwords are checked, nobody gets to try who failed too often: hashing costs 50 ms. */
export function refuseFrequentFailures(app: FastifyInstance, attempts: FailedAttempts): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.signsIn) return
    const standing = attempts.look('sign-in', request.ip)
    if (standing.exceeded) throw tooMany(reply, standing)
  })
}

/** The error to answer with instead: the same, or 429 where this address has failed too often. */
export function countFailure(
  attempts: FailedAttempts,
  error: RapportError,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): RapportError {
  const kind = kindOf(error, request)
  if (kind === null) return error
  const standing = attempts.record(kind, request.ip)
  if (standing.exceeded) return tooMany(reply, standing)
  sayStanding(reply, standing)
  return error
}

function kindOf({ code }: RapportError, request: FastifyRequest): AttemptKind | null {
  if (code === 'sign_in_failed') return 'sign-in'
  if (code !== 'unauthorized') return null
  const { url, config } = request.routeOptions
  if (accessOf(url, config) === 'open') return 'write key'
  // A page whose session has ended asks without a key: that is no attempt at anything.
  return request.headers.authorization === undefined ? null : 'API key'
}

function tooMany(reply: FastifyReply, standing: Standing): RapportError {
  sayStanding(reply, standing)
  const detail = 'Too many failed attempts came from your address. Check the key.'
  const retryAfterSeconds = Math.max(1, standing.resetSeconds)
  return new RapportError('too_many_requests', detail, { retryAfterSeconds })
}

/**
 * Clients of the Segment protocol wait as long as Retry-After says; these headers are for people and
 * other programs. Reset is in seconds from now, as @fastify/rate-limit has it on our other routes.
 */
function sayStanding(reply: FastifyReply, { limit, remaining, resetSeconds }: Standing): void {
  reply
    .header('x-ratelimit-limit', limit)
    .header('x-ratelimit-remaining', remaining)
    .header('x-ratelimit-reset', resetSeconds)
}
