import { RapportError } from '../domain/error.ts'

/** SQLSTATEs by which PostgreSQL says that it cannot serve now, whoever asks. */
const unavailableStates = new Set([
  '53200', // out of memory
  '53300', // too many connections
  '57P01', // the administrator shuts it down
  '57P02', // another session crashed
  '57P03', // starting up or shutting down
  '57P04', // database dropped
  '25006', // read only: a fail-over under way
  '58030', // input or output error
])

/** Node's codes for a connection that could not be made or broke. */
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** What `pg` says in words alone, without a code. */
const connectionWords =
  /^(Connection terminated|timeout (exceeded|expired)|Client (was closed|has encountered a connection error)|Client has ended|Cannot use a pool after calling end)/i

/**
 * The error that a caller may see where the store, not the request, is at fault: `disk_full` or
 * `store_unavailable`; null for every other error.
 */
export function storeErrorOf(error: unknown): RapportError | null {
  if (error instanceof RapportError) {
    return error.code === 'store_unavailable' || error.code === 'disk_full' ? error : null
  }
  if (error instanceof AggregateError) {
    // Node tried several addresses of one host.
    const found = error.errors.map(storeErrorOf).find((inner) => inner !== null)
    if (found) return found
  }
  if (!(error instanceof Error)) return null
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  if (code === '53100' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new RapportError('disk_full', undefined, {}, error)
  }
  if (
    typeof code === 'string' ? isConnectionCode(code, syscall) : connectionWords.test(error.message)
  ) {
    return new RapportError('store_unavailable', undefined, {}, error)
  }
  return error.cause === undefined ? null : storeErrorOf(error.cause)
}

export function isStoreUnavailable(error: unknown): boolean {
  return storeErrorOf(error) !== null
}

function isConnectionCode(code: string, syscall: unknown): boolean {
  return (
    unavailableStates.has(code) ||
    connectionCodes.has(code) ||
    // Class 08: connection exceptions.
    /^08...$/.test(code) ||
    // The socket of an embedded server that is just being started again.
    (code === 'ENOENT' && syscall === 'connect')
  )
}
