import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import type { DestinationStream } from 'pino'
import type { Config } from '../config.ts'

interface ErrorDescription {
  readonly type: string
  readonly message: string
  readonly stack: string
  readonly [further: string]: unknown
}

/**
 * What is known of an error without telling what was in the request: messages of PostgreSQL quote
 * values (an e-mail address, for instance), so its code and the names of the things stand for them.
 */
export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }
  const fields = error as Error & { code?: unknown; table?: unknown; constraint?: unknown }
  const fromDatabase = 'severity' in error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    type: error.name,
    message: fromDatabase ? '' : error.message,
    ...(fields.code === undefined ? {} : { code: fields.code }),
    ...(fromDatabase ? { table: fields.table, constraint: fields.constraint } : {}),
    stack: frames.slice(0, 12).join('\n'),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}

/** Options of the logger: no addresses, no query strings, no headers, no bodies. */
export function loggerOptions(
  config: Pick<Config, 'logLevel'>,
  stream?: DestinationStream,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: config.logLevel,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: {
      err: describeError,
      req: (request) => ({ method: request.method }),
      res: (reply) => ({ status: reply.statusCode }),
    },
    // Belt and braces: nothing above logs these, and nothing shall.
    redact: [
      '*.authorization',
      '*.cookie',
      '*.password',
      '*.token',
      '*.writeKey',
      '*.secret',
      '*.email',
    ],
    ...(stream === undefined ? {} : { stream }),
  }
}

/** One line a request, with the pattern of the route in place of its URL (tokens live in URLs). */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }
    // Those that are to come again may be many; why they are is logged once in a while.
    if (reply.statusCode >= 500 && reply.statusCode !== 503) request.log.warn(line, 'answered')
    else request.log.debug(line, 'answered')
  })
}
