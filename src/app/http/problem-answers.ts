import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { RapportError, toProblem, type ErrorCode } from '../../domain/error.ts'
import { storeErrorOf } from '../../store/store-error.ts'
import { countFailure, type FailedAttempts } from './failed-attempts.ts'

/** What Fastify itself may refuse before a handler runs, in the words of our catalogue. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'batch_too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  // No id of ours is so long, so nothing can be there.
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
}

/** PostgreSQL can neither keep nor find text with a NUL in it (in text, and as an escape in JSON). */
const unstorableText = new Set(['22021', '22P05'])

/** Puts any thrown value into the words of the catalogue. What it cannot name is `internal`. */
export function toRapportError(thrown: unknown): RapportError {
  if (thrown instanceof RapportError) return thrown
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const errors = thrown.validation.map(({ instancePath, message }) => ({
      path: instancePath,
      message: message ?? 'is not valid',
    }))
    const where = (thrown as FastifyError).validationContext ?? 'body'
    return new RapportError('invalid_request', `See the paths of the ${where}.`, { errors })
  }
  const { code, statusCode } = thrown as Partial<FastifyError>
  const named = code === undefined ? undefined : fastifyCodes[code]
  if (named) return new RapportError(named)
  if (code !== undefined && unstorableText.has(code)) {
    return new RapportError('invalid_request', 'Text may not hold the character NUL.')
  }
  const ofStore = storeErrorOf(thrown)
  if (ofStore) return ofStore
  if (statusCode === 404) return new RapportError('not_found')
  if (statusCode === 429) return new RapportError('too_many_requests')
  // Fastify's own messages (a wrong media type, a malformed URL) hold nothing of ours.
  if (
    statusCode !== undefined &&
    statusCode >= 400 &&
    statusCode < 500 &&
    code?.startsWith('FST_')
  ) {
    return new RapportError('invalid_request', (thrown as Error).message)
  }
  return new RapportError('internal', undefined, {}, thrown)
}

/** Sends RFC 9457 problem details, whatever schema the route declares for its answers. */
export function sendProblem(reply: FastifyReply, error: RapportError): FastifyReply {
  const wait = error.extra['retryAfterSeconds']
  if (typeof wait === 'number') reply.header('retry-after', Math.ceil(wait))
  else if (error.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', 5)
  return reply
    .code(error.status)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(toProblem(error))
}

/** What is refused before a route was found ends here, without the hooks that routes have. */
export function answerUnroutable(
  thrown: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  void sendProblem(reply, toRapportError(thrown))
}

/** Refusals of a whole crowd are logged once in so many milliseconds for each code. */
const quietFor = 10_000

/**
 * Every error of every route ends here; only what is our fault is logged, without its data. "Come
 * again later" is said to everybody while it lasts: a line for each would fill the rest of a full disk.
 */
export function answerWithProblems(app: FastifyInstance, attempts: FailedAttempts): void {
  const lastLogged = new Map<ErrorCode, number>()
  const isNews = ({ code, status }: RapportError): boolean => {
    const now = performance.now()
    if (status === 503 && now - (lastLogged.get(code) ?? -Infinity) < quietFor) return false
    lastLogged.set(code, now)
    return true
  }
  app.setErrorHandler((thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = countFailure(attempts, toRapportError(thrown), { request, reply })
    if (error.status >= 500 && isNews(error))
      request.log.error({ err: error.cause ?? error, code: error.code }, 'failed')
    return sendProblem(reply, error)
  })
}
