import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { locateBinaries, makeSymlinks } from './embedded-binaries.ts'
import { isAlive } from './postmaster.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'

let dataFolder: string
const running: EmbeddedPostgres[] = []

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'rapport-embedded-'))
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop({ force: true })
  rmSync(dataFolder, { recursive: true, force: true })
})

async function start(
  folder = dataFolder,
  report?: (message: string) => void,
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataFolder: folder, ...(report && { report }) })
  running.push(server)
  return server
}

async function ask(server: EmbeddedPostgres, question: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  try {
    const rows: unknown[][] = (await client.query({ text: question, rowMode: 'array' })).rows
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

const pidFile = (): string => join(dataFolder, 'postgres', 'postmaster.pid')

/** Another process of ours that starts the server, runs `then`, and stays. */
function program(then: string): string {
  return `import { openTruth } from ${JSON.stringify(join(import.meta.dirname, 'truth.ts'))}
    const truth = await openTruth({ dataFolder: process.argv[1] })
    ${then}`
}

describe('the embedded PostgreSQL', () => {
  it('starts, stops and starts again with everything that was committed', async () => {
    const first = await start()
    await ask(first, 'create table kept as select 42 as answer')
    expect(await ask(first, 'show fsync')).toBe('on')
    expect(await ask(first, 'show synchronous_commit')).toBe('on')
    expect(await ask(first, 'show listen_addresses')).toBe('')
    expect(await ask(first, `select lower('ÄÉ') || upper('ß')`)).toBe('äéß')
    await first.stop()
    expect(existsSync(pidFile())).toBe(false)
    expect(isAlive(first.processId())).toBe(false)
    expect(await ask(await start(), 'select answer from kept')).toBe(42)
  })

  it('lets nobody else near the socket and the data', async () => {
    await start()
    for (const folder of ['postgres', 'postgres-socket']) {
      expect(statSync(join(dataFolder, folder)).mode & 0o777).toBe(0o700)
    }
  })

  it('takes over the server of a process that was killed', async () => {
    const script = program(`await truth.pool.query('create table kept as select 42 as answer')
      console.log('ready')
      setInterval(() => {}, 1000)`)
    const child = spawn(process.execPath, [
      '--input-type=module-typescript',
      '-e',
      script,
      dataFolder,
    ])
    await new Promise((resolve) => child.stdout.once('data', resolve))
    const pid = Number(readFileSync(pidFile(), 'utf8').split('\n')[0])
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(isAlive(pid)).toBe(true)
    const reports: string[] = []
    const server = await start(dataFolder, (message) => reports.push(message))
    expect(server.processId()).toBe(pid)
    expect(reports).toEqual([`Took over PostgreSQL 18.4, process ${pid}.`])
    expect(await ask(server, 'select answer from kept')).toBe(42)
    await server.stop()
    expect(isAlive(pid)).toBe(false)
  })

  it('leaves the server to another process that still uses it', async () => {
    const server = await start()
    const pid = server.processId()
    const script = program('console.log(truth.version)\nawait truth.close()')
    const options = ['--input-type=module-typescript', '-e', script, dataFolder]
    const { stdout } = await promisify(execFile)(process.execPath, options)
    expect(stdout).toBe('18.4\n')
    expect(await ask(server, 'select 42')).toBe(42)
    expect(server.processId()).toBe(pid)
  })

  it('starts the server again when it ends by itself', async () => {
    const server = await start()
    await ask(server, 'create table kept as select 42 as answer')
    const pid = server.processId()
    process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => ask(server, 'select answer from kept').catch(() => 0), { timeout: 20_000 })
      .toBe(42)
    await expect.poll(() => server.processId()).not.toBe(pid)
  })

  it('survives a start of several processes at once', async () => {
    const servers = await Promise.all([start(), start(), start()])
    expect(new Set(servers.map((server) => server.processId())).size).toBe(1)
    expect(await ask(servers[0], 'select 42')).toBe(42)
  })
})

describe('a stale postmaster.pid', () => {
  let text: string
  beforeEach(async () => {
    const server = await start()
    text = readFileSync(pidFile(), 'utf8')
    await server.stop()
  })

  it('of a process that is gone', async () => {
    const gone = spawn('true')
    await new Promise((resolve) => gone.once('exit', resolve))
    writeFileSync(pidFile(), text.replace(/^\d+/, String(gone.pid)))
    expect(await ask(await start(), 'select 42')).toBe(42)
  })

  it('of a process that is somebody else by now', async () => {
    const stranger = spawn('sleep', ['60'])
    try {
      writeFileSync(pidFile(), text.replace(/^\d+/, String(stranger.pid)))
      // A server that was killed leaves the lock of its socket behind as well.
      const lock = join(dataFolder, 'postgres-socket', '.s.PGSQL.5432.lock')
      mkdirSync(join(dataFolder, 'postgres-socket'), { mode: 0o700 })
      writeFileSync(lock, `${stranger.pid}\n${text.split('\n').slice(1, 5).join('\n')}\n`)
      expect(await ask(await start(), 'select 42')).toBe(42)
      expect(isAlive(stranger.pid ?? 0)).toBe(true)
    } finally {
      stranger.kill()
    }
  })

  it('that is empty or holds nonsense', async () => {
    writeFileSync(pidFile(), '')
    const aMinuteAgo = Date.now() / 1000 - 60
    utimesSync(pidFile(), aMinuteAgo, aMinuteAgo)
    const server = await start()
    expect(await ask(server, 'select 42')).toBe(42)
    await server.stop()
    writeFileSync(pidFile(), 'nonsense\n')
    await expect(start()).rejects.toThrow(/postmaster.pid/)
  })
})

describe('where it runs', () => {
  it('in a folder whose path is too long for a socket', async () => {
    const long = join(dataFolder, 'a'.repeat(60), "with space, 'quote' and ümlaut", 'b'.repeat(60))
    const server = await start(long)
    expect(await ask(server, 'select 42')).toBe(42)
    expect(existsSync(join(long, 'postgres-socket'))).toBe(false)
    const host = new URL(server.databaseUrl).searchParams.get('host') ?? ''
    expect(statSync(host).mode & 0o777).toBe(0o700)
    await server.stop()
    expect(existsSync(host)).toBe(false)
  })

  it.runIf(process.getuid?.() === 0)('as root, below a home that only root may enter', async () => {
    const home = join(dataFolder, 'home')
    mkdirSync(home, { mode: 0o700 })
    const server = await start(join(home, 'data'))
    expect(await ask(server, 'select 42')).toBe(42)
    expect(statSync(join(home, 'data', 'postgres')).uid).toBe(0)
  })

  it.runIf(process.getuid?.() === 0)(
    'not as root without user namespaces, and says so',
    async () => {
      const path = process.env['PATH']
      // No `unshare` to be found is as good as one that is not allowed.
      process.env['PATH'] = dataFolder
      try {
        await expect(start()).rejects.toThrow(/refuses to run as root.*DATABASE_URL/)
      } finally {
        process.env['PATH'] = path
      }
    },
  )

  it('with the links that an install script would have made', () => {
    const root = join(dataFolder, 'package')
    mkdirSync(join(root, 'native', 'lib'), { recursive: true })
    writeFileSync(join(root, 'native', 'lib', 'libpq.so.5.18'), 'library')
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }]
    writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links))
    makeSymlinks(root)
    makeSymlinks(root)
    expect(readFileSync(join(root, 'native', 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
    expect(locateBinaries().version).toMatch(/^18\.\d+$/)
  })

  it('not on the files of another major version, and says so', async () => {
    const server = await start()
    await server.stop()
    writeFileSync(join(dataFolder, 'postgres', 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toThrow(/made by PostgreSQL 17/)
  })

  it('not where a file is in the way, and says so', async () => {
    writeFileSync(join(dataFolder, 'file'), '')
    await expect(start(join(dataFolder, 'file'))).rejects.toMatchObject({ code: 'startup_failed' })
    await expect(start(join(dataFolder, 'file', 'data'))).rejects.toThrow(/cannot be used/)
  })

  it('not with a broken setting, and shows the log', async () => {
    const settings = { shared_buffers: 'plenty' }
    await expect(startEmbeddedPostgres({ dataFolder, settings })).rejects.toThrow(
      /invalid value for parameter "shared_buffers"/,
    )
  })
})
