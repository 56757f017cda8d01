/** A proxy before the server that fails as it is told, request by request, and keeps count. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * `busy`: 503, not passed on. `slow-down`: 429 with Retry-After of one second, not passed on.
 * `cut-before`: the connection breaks and nothing was passed on.
 * `cut-after`: the server has it and has answered, and the connection breaks before the client hears.
 */
export type Fault = 'busy' | 'slow-down' | 'cut-before' | 'cut-after'

export interface FaultyProxy {
  readonly url: string
  /** Faults for the next POST requests, in turn; then everything passes. */
  readonly plan: Fault[]
  /** What became of each POST request so far: a fault, or the status of the server. */
  readonly history: (Fault | number)[]
  readonly close: () => Promise<void>
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const plan: Fault[] = []
  const history: (Fault | number)[] = []
  const server = createServer((incoming, answer) => {
    const fault = incoming.method === 'POST' ? plan.shift() : undefined
    if (fault) history.push(fault)
    if (fault === 'cut-before') incoming.socket.destroy()
    else if (fault === 'busy' || fault === 'slow-down') refuse(incoming, answer, fault)
    else {
      passOn(target, incoming, answer, fault === 'cut-after').then(
        (status) => {
          if (incoming.method === 'POST' && !fault) history.push(status)
        },
        () => incoming.socket.destroy(),
      )
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ...{ url: `http://127.0.0.1:${port}`, plan, history },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refuse(incoming: IncomingMessage, answer: ServerResponse, fault: Fault): void {
  incoming.resume()
  incoming.on('end', () => {
    answer.writeHead(fault === 'busy' ? 503 : 429, {
      'access-control-allow-origin': incoming.headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'retry-after',
      ...(fault === 'slow-down' ? { 'retry-after': '1' } : {}),
    })
    answer.end('{}')
  })
}

function passOn(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  cut: boolean,
): Promise<number> {
  const { method, headers, url } = incoming
  return new Promise((resolve, reject) => {
    const outgoing = request(`${target}${url}`, { method, headers }, (reply) => {
      if (cut) {
        reply.resume()
        reply.on('end', () => {
          incoming.socket.destroy()
          resolve(0)
        })
        return
      }
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
      resolve(reply.statusCode ?? 502)
    })
    outgoing.on('error', reject)
    incoming.pipe(outgoing)
  })
}
