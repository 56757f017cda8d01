import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { RapportError } from '../domain/error.ts'
import { advisoryLock } from './advisory-lock.ts'

export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file: what has been applied somewhere must not change any more. */
  readonly hash: string
}

const ownFolder = join(import.meta.dirname, 'migrations', 'postgres')

/** Reads `0001_name.sql`, `0002_name.sql`, ... in order. */
export function readMigrations(folder: string = ownFolder): readonly Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.toSorted().map((file, index) => {
    const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? []
    if (Number(number) !== index + 1 || !name) {
      throw new RapportError('startup_failed', `The migration ${file} is not number ${index + 1}.`)
    }
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
    return { version: index + 1, name, sql, hash: createHash('sha256').update(sql).digest('hex') }
  })
}

/**
 * Brings the database to the present schema, each migration in a transaction of its own. Any number
 * of processes may do so at once. Returns the versions that this call applied.
 */
export async function migrate(
  pool: pg.Pool,
  migrations: readonly Migration[] = readMigrations(),
): Promise<number[]> {
  const done: number[] = []
  const client = await pool.connect()
  try {
    // One turn more than there are migrations: the last one finds nothing to do.
    while (await applyNext(client, migrations, done)) continue
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
  return done
}

async function applyNext(
  client: pg.PoolClient,
  migrations: readonly Migration[],
  done: number[],
): Promise<boolean> {
  await client.query('begin')
  await client.query('select pg_advisory_xact_lock($1)', [advisoryLock.migration])
  await client.query(`create table if not exists schema_migration (
    version integer primary key,
    name text not null,
    hash text not null,
    applied_at timestamptz not null default now()
  )`)
  const next = nextOf(migrations, await readApplied(client))
  if (next) {
    await client.query(next.sql)
    await client.query('insert into schema_migration (version, name, hash) values ($1, $2, $3)', [
      next.version,
      next.name,
      next.hash,
    ])
  }
  await client.query('commit')
  if (next) done.push(next.version)
  return next !== undefined
}

interface Applied {
  readonly version: number
  readonly name: string
  readonly hash: string
}

async function readApplied(client: pg.PoolClient): Promise<readonly Applied[]> {
  const question = 'select version, name, hash from schema_migration order by version'
  return (await client.query<Applied>(question)).rows
}

function nextOf(
  migrations: readonly Migration[],
  applied: readonly Applied[],
): Migration | undefined {
  for (const found of applied) {
    const ours = migrations[found.version - 1]
    if (!ours) {
      throw new RapportError(
        'startup_failed',
        `The database has migration ${found.version} (${found.name}), which this program does not ` +
          'know: it was used by a later release. Start that release.',
      )
    }
    if (ours.hash !== found.hash) {
      throw new RapportError(
        'startup_failed',
        `Migration ${found.version} (${found.name}) was applied with other contents than it has ` +
          'now. Applied migrations never change; write a new one.',
      )
    }
  }
  return migrations[applied.length]
}
