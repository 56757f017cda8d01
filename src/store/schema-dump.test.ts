import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dumpSchema } from './schema-dump.ts'
import { freshDatabase } from './testing.ts'

it('schema.sql says what the migrations make (else run scripts/dump-schema.ts)', async () => {
  const truth = await freshDatabase()
  const written = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
  expect(await dumpSchema(truth.pool)).toBe(written)
  // What a running program makes on demand is not part of it.
  await truth.pool.query(`create table relationship_1 (party_id uuid primary key);
    create table touchpoint_2026_11 partition of touchpoint
      for values from ('2026-11-01') to ('2026-12-01')`)
  expect(await dumpSchema(truth.pool)).toBe(written)
  await truth.pool.query('alter table party add column drifted int default 1')
  expect(await dumpSchema(truth.pool)).toContain('drifted integer default 1')
  await truth.close()
})
