/**
 * Adds the hashes of new migrations to test/architecture/migrations.sha256, from when on they never
 * change. Before a release a migration may be frozen anew: `--again`.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../test/architecture/migrations.ts'

const root = join(import.meta.dirname, '..')
const listFile = join(root, 'test/architecture/migrations.sha256')
const again = process.argv.includes('--again')

const old = existsSync(listFile) && !again ? readFileSync(listFile, 'utf8') : ''
const lines = globSync('src/store/migrations/**/*.sql', { cwd: root })
  .toSorted()
  .map((path) => {
    const known = old.split('\n').find((line) => line.endsWith(`  ${path}`))
    return known ?? `${hashOf(readFileSync(join(root, path), 'utf8'))}  ${path}`
  })
writeFileSync(listFile, `${lines.join('\n')}\n`)
console.log(`${lines.length} migrations are frozen.`)
