import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts'
import { migrate } from './migrate.ts'
import { databaseUrlFor } from './testing.ts'

/** A test database lives for seconds and may be lost: no waiting for the disk. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
  // Cloning the template must not wait for its clean-up.
  autovacuum: 'off',
}

/**
 * Once for the whole test run: one server, with a migrated template that every test database is
 * cloned from. With TEST_DATABASE_URL it is that server, else an embedded one in a temporary folder.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL']
  const { serverUrl, stop } = given ? { serverUrl: given, stop: null } : await startServer()
  const template = `rapport_test_${process.pid}`
  try {
    await makeTemplate(serverUrl, template)
  } catch (error) {
    await stop?.()
    throw error
  }
  project.provide('testServer', { serverUrl, template })
  return async () => {
    if (stop) return stop()
    await dropDatabases(serverUrl, template)
  }
}

async function startServer(): Promise<{ serverUrl: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-test-'))
  let server: EmbeddedPostgres
  try {
    server = await startEmbeddedPostgres({ dataFolder: folder, settings })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  const endWatch = stopWhenWeAreKilled(server, folder)
  const stop = async (): Promise<void> => {
    endWatch()
    await server.stop({ force: true })
    rmSync(folder, { recursive: true, force: true })
  }
  return { serverUrl: server.databaseUrl, stop }
}

/** A shell that waits for its standard input to end, which it does however this process ends. */
function stopWhenWeAreKilled(server: EmbeddedPostgres, folder: string): () => void {
  const script = 'cat > /dev/null; kill -QUIT "$1"; sleep 1; rm -rf "$2"'
  const shellArguments = ['-c', script, 'sh', String(server.processId()), folder]
  const shell = spawn('sh', shellArguments, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  return () => {
    // The shell and its `cat`, which are a process group of their own.
    if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL')
  }
}

async function makeTemplate(serverUrl: string, template: string): Promise<void> {
  await administrate(serverUrl, [
    `drop database if exists ${template}`,
    `create database ${template} template template0`,
  ])
  const pool = new pg.Pool({ connectionString: databaseUrlFor(serverUrl, template), max: 1 })
  await migrate(pool)
  await pool.end()
  // A database that somebody is connected to cannot be cloned.
  await administrate(serverUrl, [
    `alter database ${template} is_template true allow_connections false`,
  ])
}

/** The template, and what tests that crashed left behind. */
async function dropDatabases(serverUrl: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  const found = await client.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [`${template}_`],
  )
  await client.end()
  await administrate(serverUrl, [
    ...found.rows.map(({ name }) => `drop database if exists ${name} with (force)`),
    `alter database ${template} is_template false`,
    `drop database ${template} with (force)`,
  ])
}

async function administrate(serverUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
