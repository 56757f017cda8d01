/**
 * Who may call a route. Fastify's types are extended here, so that a route states it in its
 * `config` and a handler finds the answer in `request.actor`.
 */
import type { FastifyContextConfig } from 'fastify'
import type { Actor } from '../../domain/actor.ts'

/**
 * `member`: a session or an API key (every route under /api unless it says otherwise);
 * `visitor`: anybody, but a change must come from our own pages (signing in);
 * `open`: anybody from anywhere (the route checks a write key of its own).
 */
export type Access = 'member' | 'visitor' | 'open'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** It checks a password: closed for a while to addresses that failed too often. */
    signsIn?: boolean
  }
  interface FastifyRequest {
    /** Null on routes that are not for members. */
    actor: Actor | null
  }
}

/** What a route states, or what holds for its place. */
export function accessOf(
  url: string | undefined,
  config: FastifyContextConfig | undefined,
): Access {
  return config?.access ?? (url?.startsWith('/api/') ? 'member' : 'open')
}
