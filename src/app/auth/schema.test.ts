import { getMigrations } from 'better-auth/db/migration'
import { expect, test } from 'vitest'
import { freshDatabase } from '../../store/testing.ts'

test('the migration makes exactly the tables that this version of better-auth expects', async () => {
  const truth = await freshDatabase()
  const options = (schemaName: string) => ({
    database: { db: truth.db, type: 'postgres' as const, schemaName },
    emailAndPassword: { enabled: true },
    advanced: { database: { generateId: 'uuid' as const } },
  })
  const { toBeAdded, toBeCreated } = await getMigrations(options('auth'))
  expect({ toBeAdded, toBeCreated }).toEqual({ toBeAdded: [], toBeCreated: [] })
  // The same question, asked of an empty schema, finds four tables missing: it can fail.
  await truth.pool.query('create schema elsewhere')
  expect((await getMigrations(options('elsewhere'))).toBeCreated).toHaveLength(4)
  await truth.close()
})
