/** Writes src/store/schema.sql from a fresh database. Run after adding a migration. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../src/store/migrate.ts'
import { dumpSchema } from '../src/store/schema-dump.ts'
import { openTruth } from '../src/store/truth.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'rapport-schema-'))
const truth = await openTruth({ dataFolder })
try {
  await migrate(truth.pool)
  const file = join(import.meta.dirname, '..', 'src', 'store', 'schema.sql')
  writeFileSync(file, await dumpSchema(truth.pool))
  console.log(`Wrote ${file}`)
} finally {
  await truth.close()
  rmSync(dataFolder, { recursive: true, force: true })
}
