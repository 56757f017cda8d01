/** The real program as a child process that may be killed at any moment and started again. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const playbook = join(import.meta.dirname, '../../models/saas.yaml')
const program = join(import.meta.dirname, '../../bin/rapport.mjs')

export interface ServerProcess {
  readonly url: string
  readonly writeKey: string
  /** Starts it; resolves when it says that it is ready. Gives the milliseconds that took. */
  start(): Promise<number>
  /** Ends it with no chance to say goodbye. */
  kill(): Promise<void>
  /** Ends its PostgreSQL so; whoever watches over it must notice. */
  killPostgres(): void
  /** Asks it to stop, and waits for it. */
  stop(): Promise<void>
  /** Reads below `/api`. */
  read<Answer>(path: string): Promise<Answer>
  /** Has the whole history replayed with the playbook that serves; whatever becomes of it. */
  applyModel(): Promise<void>
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  /** Everything it said and logged, over all its lives. */
  said(): string
}

export interface ServerProcessOptions {
  readonly dataFolder: string
  readonly environment?: Readonly<Record<string, string>>
}

const writeKey = 'wk_child_process'
const apiKey = 'rk_child_process_of_a_test'

export async function serverProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { dataFolder } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = {
    ...process.env,
    ...{ PORT: String(port), HOST: '127.0.0.1', RAPPORT_DATA: dataFolder, LOG_LEVEL: 'warn' },
    ...{ RAPPORT_WRITE_KEY: writeKey, RAPPORT_API_KEY: apiKey, RAPPORT_MODEL: 'saas' },
    ...options.environment,
  }
  let child: ChildProcess | null = null
  let ended = Promise.resolve()
  let text = ''

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child?.kill(signal)
    await ended
    child = null
  }

  return {
    url,
    writeKey,
    async start() {
      const from = performance.now()
      const started = spawn(process.execPath, [program, 'start'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environment,
      })
      child = started
      ended = new Promise((resolve) => started.once('exit', () => resolve()))
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      }
      while (!(await isReady(url))) {
        if (started.exitCode !== null) throw new TypeError(`It ended by itself:\n${text}`)
        await sleep(20)
      }
      return performance.now() - from
    },
    kill: () => end('SIGKILL'),
    killPostgres() {
      process.kill(postmasterOf(dataFolder), 'SIGKILL')
    },
    stop: () => end('SIGTERM'),
    async read<Answer>(path: string): Promise<Answer> {
      const headers = { authorization: `Bearer ${apiKey}` }
      const answer = await fetch(`${url}${path}`, { headers })
      if (!answer.ok) throw new TypeError(`${path}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as Answer
    },
    async applyModel() {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
      const body = JSON.stringify({ yaml: readFileSync(playbook, 'utf8') })
      const answer = await fetch(`${url}/api/model`, { method: 'PUT', headers, body }).catch(
        () => null,
      )
      await answer?.text().catch(() => '')
    },
    async query<Row extends pg.QueryResultRow>(
      question: string,
      values: unknown[] = [],
    ): Promise<Row[]> {
      const host = join(dataFolder, 'postgres-socket')
      const client = new pg.Client({ host, user: 'rapport', database: 'rapport' })
      await client.connect()
      try {
        return (await client.query<Row>(question, values)).rows
      } finally {
        await client.end()
      }
    },
    said: () => text,
  }
}

export async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(
    () => null,
  )
  await answer?.body?.cancel()
  return answer?.status === 200
}

function postmasterOf(dataFolder: string): number {
  return Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
