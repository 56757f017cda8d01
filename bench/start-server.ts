/** The real program as a child: `bin/rapport.mjs start` on a folder of its own, with known keys. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { RapportError } from '../src/domain/error.ts'

export interface BenchServer {
  readonly port: number
  readonly pid: number
  readonly writeKey: string
  /** Reads below `/api`. */
  readonly read: <Answer>(path: string) => Promise<Answer>
  /** Sends JSON below `/api`. */
  readonly write: <Answer>(method: string, path: string, body: unknown) => Promise<Answer>
  /** One row of its database, asked from outside. */
  readonly askStore: <Row extends pg.QueryResultRow>(query: string) => Promise<Row>
  readonly stop: () => Promise<void>
}

export interface ServerOptions {
  readonly command?: 'start' | 'demo'
  /** A folder for V8's profile of the main thread, written when it stops. */
  readonly profileInto?: string | undefined
}

const writeKey = 'wk_bench'
const apiKey = 'rk_bench_of_this_machine'

export async function startServer(options: ServerOptions = {}): Promise<BenchServer> {
  const { command = 'start', profileInto } = options
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const flags = profileInto === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileInto}`]
  const program = join(import.meta.dirname, '../bin/rapport.mjs')
  const child = spawn(process.execPath, [...flags, program, command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ PORT: '0', HOST: '127.0.0.1', RAPPORT_DATA: folder, LOG_LEVEL: 'warn' },
      ...{ RAPPORT_WRITE_KEY: writeKey, RAPPORT_API_KEY: apiKey, RAPPORT_MODEL: 'saas' },
    },
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const port = await portOf(child.stdout, ended)
  const read = async <Answer>(path: string): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    if (!answer.ok) throw new RapportError('internal', `${path}: ${answer.status}`)
    return (await answer.json()) as Answer
  }
  const write = async <Answer>(method: string, path: string, body: unknown): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
    const sent = { method, headers, body: JSON.stringify(body) }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, sent)
    if (!answer.ok) throw new RapportError('internal', `${path}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const socket = join(folder, command === 'demo' ? 'demo' : '', 'postgres-socket')
  const askStore = async <Row extends pg.QueryResultRow>(query: string): Promise<Row> => {
    const client = new pg.Client({ host: socket, user: 'rapport', database: 'rapport' })
    await client.connect()
    try {
      return (await client.query<Row>(query)).rows[0] as Row
    } finally {
      await client.end()
    }
  }
  return { port, pid: child.pid ?? 0, writeKey, read, write, askStore, stop }
}

async function portOf(output: NodeJS.ReadableStream, ended: Promise<void>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let text = ''
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    const found = /running at http:\/\/[^:]+:(\d+)/.exec(text)
    if (found) resolve(Number(found[1]))
  })
  void ended.then(() => reject(new RapportError('startup_failed', 'See above.')))
  return promise
}
