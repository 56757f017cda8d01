/**
 * A load on a server of this machine: raw sockets kept open, one request at a time on each. A client
 * library would cost more than the server, with which this shares the machine.
 */
import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { bodyText, type EventPlan } from './load-events.ts'

export interface LoadPlan extends EventPlan {
  /** On 127.0.0.1: nothing else is ever loaded. */
  readonly port: number
  readonly writeKey: string
  /** Events a request; `single` posts each alone to its own route. */
  readonly batch: number | 'single'
  readonly connections: number
  readonly seconds: number
  /** Seconds at the beginning that no figure counts. */
  readonly warmUp: number
  /** Requests a second, whatever the server does; null sends the next as soon as one is answered. */
  readonly perSecond: number | null
}

export interface LoadResult {
  /** Requests that were answered 200, in all; and those after the warm-up. */
  readonly taken: number
  readonly measured: number
  /** Seconds that were measured. */
  readonly seconds: number
  /** Milliseconds of each measured request, from when it was due. */
  readonly latencies: readonly number[]
  /** Answers other than 200, by status. */
  readonly refused: Readonly<Record<string, number>>
}

export async function load(plan: LoadPlan): Promise<LoadResult> {
  const lanes = await Promise.all(Array.from({ length: plan.connections }, () => openLane(plan)))
  const start = performance.now()
  const measureFrom = start + plan.warmUp * 1_000
  const end = start + plan.seconds * 1_000
  const most = plan.events / (plan.batch === 'single' ? 1 : plan.batch)
  const latencies: number[] = []
  const refused: Record<string, number> = {}
  let next = 0
  let taken = 0
  const drive = async (lane: Lane): Promise<void> => {
    for (;;) {
      if (next >= most) return
      const number = next++
      const due =
        plan.perSecond === null ? performance.now() : start + number * (1_000 / plan.perSecond)
      if (due >= end) return
      const wait = due - performance.now()
      if (wait > 0.5) await sleep(wait)
      const status = await lane.post(bodyText(plan, number, plan.batch))
      if (status === 200) taken++
      else refused[status] = (refused[status] ?? 0) + 1
      // From when it was due: a server that stalls must not be flattered by requests that then wait.
      if (due >= measureFrom) latencies.push(performance.now() - due)
    }
  }
  await Promise.all(lanes.map(drive))
  const seconds = (performance.now() - measureFrom) / 1_000
  for (const { close } of lanes) close()
  return { taken, measured: latencies.length, seconds, latencies, refused }
}

interface Lane {
  /** Gives the status; 0 where the connection broke. */
  post(body: string): Promise<number>
  readonly close: () => void
}

async function openLane({ port, writeKey, batch }: LoadPlan): Promise<Lane> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const key = Buffer.from(`${writeKey}:`).toString('base64')
  const head = `POST /v1/${batch === 'single' ? 'track' : 'batch'} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\
authorization: Basic ${key}\r\ncontent-type: application/json\r\ncontent-length: `
  const answer = readAnswers(socket)
  return {
    post: (body) => {
      socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
      return answer()
    },
    close: () => socket.destroy(),
  }
}

/** Statuses of the answers as they come, one for each call. Answers must tell their length. */
function readAnswers(socket: Socket): () => Promise<number> {
  let text = ''
  let tell: (status: number) => void = () => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    text += chunk
    const headEnd = text.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0)
    if (text.length < headEnd + 4 + length) return
    const status = Number(text.slice(9, 12))
    text = ''
    tell(status)
  })
  const broken = (): void => tell(0)
  socket.on('close', broken).on('error', broken)
  return () => (socket.destroyed ? Promise.resolve(0) : new Promise((resolve) => (tell = resolve)))
}
