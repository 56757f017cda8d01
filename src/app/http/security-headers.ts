import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { accessOf } from './access.ts'
import { publicUrlOf, type Config } from '../config.ts'

/**
 * Content security policy of the web app: scripts from here only, none inline. Styles may be inline
 * because Mantine writes its theme variables into a style element; a style cannot run anything, and
 * with no foreign address allowed for images, fonts and connections it cannot carry anything out.
 */
export const appPolicy = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'script-src-attr': ["'none'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}

/** Security headers on every answer, errors and files included. */
export async function setSecurityHeaders(app: FastifyInstance, config: Config): Promise<void> {
  const secure = publicUrlOf(config).startsWith('https://')
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: appPolicy },
    strictTransportSecurity: secure ? { maxAge: 15_552_000 } : false,
    // `no-referrer` keeps one-time links in the address bar from leaking; the app has no use for it.
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    // Customers' pages load the snippet and send touchpoints from other origins; the pages and the
    // reading API are shut by the hook below.
    crossOriginResourcePolicy: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
    const { url, config: route } = request.routeOptions
    if (url?.startsWith('/api/')) reply.header('cache-control', 'no-store')
    if (accessOf(url, route) !== 'open') reply.header('cross-origin-resource-policy', 'same-origin')
  })
}
