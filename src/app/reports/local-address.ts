/** Where this server listens, as this machine reaches it. */
import type { FastifyPluginAsync } from 'fastify'

export interface LocalAddress {
  /** Null before it listens. */
  readonly address: () => string | null
  /** @param onListening  called when it does */
  readonly plugin: (onListening: () => void) => FastifyPluginAsync
}

export function localAddress(): LocalAddress {
  let known: string | null = null
  return {
    address: () => known,
    plugin: (onListening) => async (app) => {
      app.server.on('listening', () => {
        const at = app.server.address()
        if (at === null || typeof at === 'string') return
        const everywhere = ['0.0.0.0', '::', '127.0.0.1'].includes(at.address)
        const host = at.family === 'IPv6' ? `[${at.address}]` : at.address
        known = `http://${everywhere ? '127.0.0.1' : host}:${at.port}`
        onListening()
      })
    },
  }
}
