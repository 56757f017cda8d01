/** A ClickHouse server for tests, in a process of its own. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'

export interface ClickHouseServer {
  readonly url: string
  stop(): void
}

export async function startClickHouse(folder: string): Promise<ClickHouseServer> {
  mkdirSync(folder, { recursive: true })
  const script = join(import.meta.dirname, '../../test/child/clickhouse-server.ts')
  const server = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(server.stdout, 'data')) as [Buffer]
  return {
    url: `http://127.0.0.1:${port.toString().trim()}`,
    stop: () => void server.kill('SIGKILL'),
  }
}
