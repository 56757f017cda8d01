/**
 * Builds the HTTP server: what every answer has in common (headers, errors, logs), who may call
 * what, then the rooms' own routes, and last the web app for every other address.
 */
import { join } from 'node:path'
import rateLimit from '@fastify/rate-limit'
import fastify, { LogController, type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { DestinationStream } from 'pino'
import packageJson from '../../package.json' with { type: 'json' }
import { RapportError } from '../domain/error.ts'
import type { Truth } from '../store/truth.ts'
import type { Auth } from './auth/auth.ts'
import type { Config } from './config.ts'
import { describeApi, serveApiDocument } from './http/api-document.ts'
import { FailedAttempts, refuseFrequentFailures } from './http/failed-attempts.ts'
import { answerHealth, type Store } from './http/health.ts'
import { loggerOptions, logRequests } from './http/logging.ts'
import { answerUnroutable, answerWithProblems } from './http/problem-answers.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { serveWebApp } from './http/web-app.ts'
import type { Live } from './live.ts'
import { closePromptly } from './shutdown.ts'

export interface ServerParts {
  readonly config: Config
  readonly truth: Truth
  readonly auth: Auth
  readonly live: Live
  /** Routes of the rooms. Everything they put under /api is for members unless it says otherwise. */
  readonly rooms: readonly FastifyPluginAsync[]
  /** Further stores, asked by /readyz and closed after the last request, before the truth. */
  readonly stores?: readonly Store[]
  /** Folder of the built web app. */
  readonly webFolder?: string
  readonly logTo?: DestinationStream
  /** Milliseconds of a clock that is never set; the process's own where none is given. */
  readonly monotonicNow?: () => number
}

const builtWeb = join(import.meta.dirname, '../../dist/web')

/** The server, ready to listen. `close()` ends requests in flight, streams and stores, in that order. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { config } = parts
  const app: FastifyInstance = fastify({
    logger: loggerOptions(config, parts.logTo),
    // Our own line a request says less (see logging.ts).
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    requestIdHeader: false,
    trustProxy: config.trustProxy,
    // A request must arrive within two minutes, its headers within ten seconds (slow-loris).
    requestTimeout: 120_000,
    http: { headersTimeout: 10_000 },
    // Longer than the 60 s of common load balancers, so that they close first.
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: answerUnroutable,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  const attempts = new FailedAttempts(parts.monotonicNow ?? (() => performance.now()))
  answerWithProblems(app, attempts)
  logRequests(app)
  closePromptly(app)
  closeInOrder(app, parts)

  await setSecurityHeaders(app, config)
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new RapportError('too_many_requests', undefined, { retryAfterSeconds: ttl / 1000 }),
  })
  await describeApi(app, packageJson.version)
  refuseFrequentFailures(app, attempts)
  await parts.auth.guard(app)
  const stores = [truthAsStore(parts.truth), ...(parts.stores ?? [])]
  answerHealth(app, stores, config.dataFolder)
  await app.register(parts.auth.routes)
  await app.register(parts.live.routes)
  for (const room of parts.rooms) await app.register(room)
  await serveApiDocument(app)
  await serveWebApp(app, parts.webFolder ?? builtWeb)
  return app
}

function truthAsStore(truth: Truth): Store {
  return {
    name: 'truth store',
    check: () => truth.pool.query('select 1'),
    close: () => truth.close(),
  }
}

function closeInOrder(app: FastifyInstance, { live, truth, stores = [] }: ServerParts): void {
  // Streams never end by themselves: without this, waiting for requests in flight would last for ever.
  app.addHook('preClose', async () => live.close())
  app.addHook('onClose', async () => {
    for (const store of stores) await store.close()
    await truth.close()
  })
}
