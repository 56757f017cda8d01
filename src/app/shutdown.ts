import type { FastifyInstance } from 'fastify'
import { RapportError } from '../domain/error.ts'
import type { Config } from './config.ts'

/** Requests in flight get this long once we are asked to stop; then their connections are cut. */
const graceMs = 7_000
/** Supervisors kill what has not stopped after ten seconds; the stores need a moment of their own. */
const limitMs = 9_500

/** Begins to take requests. Returns the port, which was chosen by the system where it was set to 0. */
export async function listen(
  app: FastifyInstance,
  { port, host }: Pick<Config, 'port' | 'host'>,
): Promise<number> {
  try {
    await app.listen({ port, host })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reasons: Record<string, string> = {
      EADDRINUSE: `Port ${port} is taken by another program. Stop it, or set PORT to another one.`,
      EACCES: `Port ${port} may not be used by this user. Set PORT to one above 1023.`,
      EADDRNOTAVAIL: `This machine has no address ${host}. Check HOST.`,
      ENOTFOUND: `The name ${host} is not known. Check HOST.`,
    }
    throw new RapportError('startup_failed', reasons[code ?? ''] ?? String(error), {}, error)
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/**
 * Keeps the closing of the server short: requests in flight are its last on their connections, and
 * what holds a connection for longer, such as a body that never ends, is cut.
 */
export function closePromptly(app: FastifyInstance, afterMs: number = graceMs): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    setTimeout(() => app.server.closeAllConnections(), afterMs).unref()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

/** Ends the process in good order on SIGTERM and SIGINT; a second signal ends it at once. */
export function stopOnSignals(
  close: () => Promise<unknown>,
  report: (message: string) => void,
): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    report('Stopping: requests in flight are finished, then the stores are closed.')
    setTimeout(() => {
      report('Not everything stopped in time. What was acknowledged is safe.')
      process.exit(1)
    }, limitMs).unref()
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        report(`Stopping failed: ${String(error)}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
