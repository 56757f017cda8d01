import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCycles, checkImportLaw } from './architecture/imports.ts'
import { checkLockFile } from './architecture/lock-file.ts'
import { checkLinks } from './architecture/links.ts'
import { checkMigrations, hashOf } from './architecture/migrations.ts'
import {
  readDocuments,
  readSources,
  root,
  type SourceFile,
  type Verdict,
} from './architecture/sources.ts'
import { checkTableOwners, ownersIn, tablesIn } from './architecture/tables.ts'
import { checkLength, checkReadmes, checkTextRule, textRules } from './architecture/text-rules.ts'

const sources = readSources()
const documents = readDocuments()
const migrations: SourceFile[] = globSync('src/store/migrations/**/*.sql', { cwd: root }).map(
  (path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }),
)
const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
const owners = ownersIn(architecture)

/** A check that looked at nothing proves nothing. */
function expectClean({ looked, faults }: Verdict, atLeast: number): void {
  expect(faults).toEqual([])
  expect(looked).toBeGreaterThanOrEqual(atLeast)
}
const file = (path: string, text: string): SourceFile => ({ path, text })

describe('the import law', () => {
  test('holds', () => expectClean(checkImportLaw(sources), 100))

  test.each([
    ['src/domain/a.ts', `import type { B } from '../store/b.ts'`],
    ['src/math/a.ts', `import { b } from '../domain/b.ts'`],
    ['src/math/a.ts', `import { readFileSync } from 'node:fs'`],
    ['src/relationship/a.ts', `import type { Kysely } from 'kysely'`],
    ['src/store/a.ts', `import { b } from '../collect/b.ts'`],
    ['src/collect/a.ts', `import { b } from '../identify/b.ts'`],
    ['src/collect/import/a.ts', `export { b } from '../../measure/b.ts'`],
    ['src/measure/a.ts', `import {\n  b,\n  type C,\n} from '../app/b.ts'`],
    ['src/measure/a.ts', `const b = await import('../listen/b.ts')`],
    ['src/collect/a.ts', `import { freshDatabase } from '../store/testing.ts'`],
    ['src/app/a.ts', `import { b } from '../cli/b.ts'`],
    ['web/a.tsx', `import type { B } from '../src/app/b.ts'`],
    ['web/a.tsx', `import { b } from '../src/domain/b.ts'`],
    ['sdk/a.ts', `import type { B } from '../src/domain/b.ts'`],
  ])('%s may not: %s', (path, text) => {
    expect(checkImportLaw([file(path, text)])).toMatchObject({
      looked: 1,
      faults: [expect.any(String)],
    })
  })

  test.each([
    ['src/collect/a.ts', `import { b } from '../store/b.ts'\nimport { sql } from 'kysely'`],
    ['src/collect/a.ts', `// import { b } from '../identify/b.ts'`],
    ['src/collect/a.test.ts', `import { b } from '../app/b.ts'`],
    ['web/a.tsx', `import type { B } from '../src/domain/b.ts'`],
  ])('%s may: %s', (path, text) => {
    expect(checkImportLaw([file(path, text)]).faults).toEqual([])
  })
})

describe('cycles', () => {
  test('there is none, types included', () => expectClean(checkCycles(sources), 150))

  test('one of types alone is found', () => {
    const loop = [
      file('src/a/one.ts', `import type { Two } from './two.ts'`),
      file('src/a/two.ts', `export type { Three } from '../b/three.ts'`),
      file('src/b/three.ts', `import { one } from '../a/one.ts'`),
    ]
    expect(checkCycles(loop).faults).toEqual([
      'src/a/one.ts -> src/a/two.ts -> src/b/three.ts -> src/a/one.ts',
    ])
  })
})

describe('tables', () => {
  test('each is written by its room only', () => {
    const tables = tablesIn(migrations)
    expect(tables.length).toBeGreaterThanOrEqual(20)
    expectClean(checkTableOwners(sources, owners, tables), 20)
  })

  test.each([
    'insert into party (id) values (1)',
    'update touchpoint set kind = 1',
    'delete from auth."user" where true',
    'truncate reject, source',
    'insert\n      into api_key as k (id)',
  ])('a stranger is found: %s', (statement) => {
    const stranger = file('src/listen/queries.ts', `sql\`${statement}\``)
    expect(checkTableOwners([stranger], owners, [])).toMatchObject({
      looked: 1,
      faults: [expect.any(String)],
    })
  })

  test('a table without an owner is found', () => {
    const made = tablesIn([
      file('x.sql', '-- create table no\ncreate table if not exists orphan (id int)'),
    ])
    expect(checkTableOwners([], owners, made).faults).toEqual([
      'orphan has no owner in ARCHITECTURE.md',
    ])
  })
})

describe('words that do not belong', () => {
  test.each(textRules)('$name: nowhere', (rule) => expectClean(checkTextRule(sources, rule), 20))

  test.each([
    ['src/collect/a.ts', `throw new Error('no')`, 0],
    ['src/measure/a.ts', `const now = Date.now()`, 1],
    ['src/identify/a.ts', `const now = new Date()`, 1],
    ['src/math/a.ts', `const x = Math.random()`, 1],
    ['web/a.ts', `// @ts-expect-error later`, 2],
    ['src/cli/a.ts', `/* oxlint-disable no-console */`, 2],
  ])('%s: %s is found', (path, text, rule) => {
    const chosen = textRules[rule]
    expect(chosen && checkTextRule([file(path, text)], chosen).faults).toHaveLength(1)
  })

  test('what is allowed is not found', () => {
    const fine = [
      file('src/app/a.ts', 'Date.now()'),
      file('src/measure/a.test.ts', 'Date.now()'),
      file('src/measure/a.ts', 'new Date(now) // Date.now() is not for us'),
    ]
    for (const rule of textRules) expect(checkTextRule(fine, rule).faults).toEqual([])
  })
})

describe('sizes and pages', () => {
  test('files have 300 lines at most', () => expectClean(checkLength(sources), 150))

  test('a longer one is found', () => {
    expect(checkLength([file('src/a.ts', 'x\n'.repeat(301))]).faults).toHaveLength(1)
    expect(checkLength([file('src/a.ts', 'x\n'.repeat(300))]).faults).toEqual([])
  })

  test('every folder of src has its page', () => expectClean(checkReadmes(sources, documents), 9))

  test('a missing page is found', () => {
    expect(checkReadmes([file('src/orphan/a.ts', '')], documents).faults).toHaveLength(1)
  })
})

describe('links between documents', () => {
  test('lead somewhere', () => expectClean(checkLinks(documents), 10))

  test('dead ones are found', () => {
    const page = file(
      'docs/a.md',
      '# A b\n[x](gone.md) [y](#a-b) [z](#none) ![p](../no.png) `[q](code.md)`',
    )
    expect(checkLinks([page], () => false).faults).toHaveLength(3)
  })
})

describe('migrations', () => {
  const list = readFileSync(join(import.meta.dirname, 'architecture/migrations.sha256'), 'utf8')

  test('are as they were frozen', () => expectClean(checkMigrations(migrations, list), 2))

  test('a changed, a new and a lost one are found', () => {
    const frozen = `${hashOf('one')}  a.sql\n${hashOf('two')}  b.sql\n`
    const now = [file('a.sql', 'one, changed'), file('c.sql', 'three')]
    expect(checkMigrations(now, frozen).faults).toHaveLength(3)
  })
})

describe('the lock file', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')

  test('names the binaries of every kind of machine', () => expectClean(checkLockFile(lock), 50))

  test('one that is left out is found', () => {
    const name = 'node_modules/@oxlint/binding-darwin-arm64'
    const { packages, ...rest } = JSON.parse(lock) as { packages: Record<string, object> }
    const less = Object.fromEntries(Object.entries(packages).filter(([path]) => path !== name))
    expect(checkLockFile(JSON.stringify({ ...rest, packages: less })).faults).toHaveLength(1)
  })
})
