import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { inject } from 'vitest'
import { openTruth, type Truth } from './truth.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testServer: { readonly serverUrl: string; readonly template: string }
  }
}

/** A truth store for one test file: migrated, empty, and gone after `close()`. */
export interface TestTruth extends Truth {
  /** For what opens the store by itself, such as a whole server or a second process. */
  readonly databaseUrl: string
}

/**
 * Clones the migrated template: about a tenth of a second, so every test file (and any test that wants to) has a
 * database of its own.
 */
export async function freshDatabase(options: { poolSize?: number } = {}): Promise<TestTruth> {
  const { serverUrl, template } = inject('testServer')
  const name = `${template}_${randomBytes(8).toString('hex')}`
  await onServer(serverUrl, `create database ${name} template ${template}`)
  const databaseUrl = databaseUrlFor(serverUrl, name)
  const truth = await openTruth({ databaseUrl, dataFolder: tmpdir(), ...options })
  return {
    ...truth,
    databaseUrl,
    async close() {
      await truth.close()
      await onServer(serverUrl, `drop database if exists ${name} with (force)`)
    },
  }
}

/** The same server, another database. */
export function databaseUrlFor(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
