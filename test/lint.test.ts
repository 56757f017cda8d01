/** The linter is asked to find what the house forbids: a rule that is silently off is worse than none. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
let folder: string
let found: { path: string; rule: string }[]

const many = (line: string, count: number): string => Array(count).fill(line).join('\n')

/** A rule, a place where it holds, and the least that breaks it. */
const violations: readonly (readonly [rule: string, path: string, text: string])[] = [
  [
    'no-restricted-imports',
    'src/domain/a.ts',
    `import { b } from '../store/b.ts'\nexport const c = b`,
  ],
  [
    'no-restricted-imports',
    'src/relationship/a.ts',
    `import type { B } from '../store/b.ts'\nexport type C = B`,
  ],
  [
    'no-restricted-imports',
    'src/collect/a.ts',
    `import { b } from '../identify/b.ts'\nexport const c = b`,
  ],
  ['no-restricted-imports', 'src/app/a.ts', `import { b } from '../cli/b.ts'\nexport const c = b`],
  [
    'no-cycle',
    'src/measure/one.ts',
    `import type { Two } from './two.ts'\nexport type One = Two[]`,
  ],
  [
    'no-cycle',
    'src/measure/two.ts',
    `import type { One } from './one.ts'\nexport type Two = One[]`,
  ],
  ['no-process-env', 'src/app/b.ts', `export const a = process.env['A']`],
  ['no-restricted-properties', 'src/measure/clock.ts', `export const now = Date.now()`],
  ['no-restricted-properties', 'src/identify/dice.ts', `export const random = Math.random()`],
  ['max-lines', 'src/collect/long.ts', many('export {}', 301)],
  ['max-lines-per-function', 'src/collect/wide.ts', `export function f() {\n${many('f()', 71)}\n}`],
  [
    'max-params',
    'src/collect/b.ts',
    `export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => a + b + c + d + e`,
  ],
  ['filename-case', 'src/collect/camelCase.ts', `export {}`],
  ['no-default-export', 'src/collect/c.ts', `export default 1`],
  ['no-explicit-any', 'src/collect/d.ts', `export const a: any = 1`],
  [
    'no-floating-promises',
    'src/collect/e.ts',
    `export function f(p: () => Promise<void>) {\n  p()\n}`,
  ],
  [
    'no-misused-promises',
    'src/collect/f.ts',
    `export const f = (p: Promise<boolean>) => (p ? 1 : 2)`,
  ],
  ['no-console', 'src/collect/g.ts', `console.log(1)`],
  ['no-non-null-assertion', 'src/collect/h.ts', `export const f = (a: string | null) => a!`],
  [
    'consistent-type-imports',
    'src/collect/i.ts',
    `import { J } from './j.ts'\nexport const k: J = 1`,
  ],
]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-lint-'))
  for (const name of ['.oxlintrc.json', 'tsconfig.json'])
    cpSync(join(root, name), join(folder, name))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const helpers = ['src/store/b.ts', 'src/identify/b.ts', 'src/cli/b.ts'].map(
    (path) => ['', path, 'export const b = 1\nexport type B = 1'] as const,
  )
  const typed = ['', 'src/collect/j.ts', 'export type J = 1'] as const
  for (const [, path, text] of [...violations, ...helpers, typed]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\n`)
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const args = [oxlint, '--type-aware', '--format=json', 'src']
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 1e7 }).catch(
    // It ends with 1 where it finds something, which is what it is here for.
    (error: { stdout: string }) => error,
  )
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[]
  }
  found = diagnostics.map(({ code, filename }) => ({
    path: filename,
    rule: /\((.+)\)/.exec(code)?.[1] ?? code,
  }))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(violations)('%s is found in %s', (rule, path) => {
  expect(found).toContainEqual({ path, rule })
})

test('and nothing else is', () => {
  const expected = new Set(violations.map(([rule, path]) => `${path} ${rule}`))
  expect(
    found.map(({ path, rule }) => `${path} ${rule}`).filter((fault) => !expected.has(fault)),
  ).toEqual([])
})
