import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
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
  const folder = mkdtempSync(join(tmpdir(), 'rt-'))
  const sweep = sweepAtTheEnd(folder)
  // What the tests make in "the" temporary folder is swept too, servers of their own included.
  process.env['TMPDIR'] = folder
  const given = process.env['TEST_DATABASE_URL']
  const template = `rapport_test_${process.pid}`
  try {
    const server = given ? null : await startEmbeddedPostgres({ dataFolder: folder, settings })
    const serverUrl = given ?? server?.databaseUrl ?? ''
    await makeTemplate(serverUrl, template)
    project.provide('testServer', { serverUrl, template })
    return async () => {
      if (given) await dropDatabases(serverUrl, template)
      await server?.stop({ force: true })
      await sweep()
    }
  } catch (error) {
    await sweep()
    throw error
  }
}

/**
 * A shell that waits for the end of its standard input, which comes however this process ends
 * (also by SIGKILL), then stops every PostgreSQL whose files lie in the folder, and removes it.
 */
function sweepAtTheEnd(folder: string): () => Promise<void> {
  const script = `cat > /dev/null
    for file in $(find "$1" -name postmaster.pid); do
      pid=$(head -n 1 "$file")
      { cat "/proc/$pid/cmdline" || ps -o command= -p "$pid"; } 2> /dev/null | grep -aqF "$1" || continue
      kill -QUIT "$pid"
      for turn in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2> /dev/null && sleep 0.1; done
    done
    rm -rf "$1"`
  const shell = spawn('sh', ['-c', script, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  shell.unref()
  const swept = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  return async () => {
    shell.ref()
    shell.stdin.end()
    await swept
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
