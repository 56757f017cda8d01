/**
 * Builds the web app where its built form is missing or older than its source. The source is told
 * by its contents, not its dates, which a fresh clone sets anew.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RapportError } from '../domain/error.ts'

const root = join(import.meta.dirname, '../..')
const builtFolder = join(root, 'dist/web')
const markFile = '.source'

/** What the app is made of: its own files, the nouns it shares with the server, and its libraries. */
const sources = ['web/**/*', 'src/domain/*.ts', 'src/relationship/**/*.ts', 'package-lock.json']

function sourceHash(): string {
  const hash = createHash('sha256')
  const files = globSync(sources, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.toSorted())
    hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

export function isWebAppCurrent(): boolean {
  const mark = join(builtFolder, markFile)
  return existsSync(mark) && readFileSync(mark, 'utf8') === sourceHash()
}

/** Builds into a folder of its own and then changes places, so that nobody is served half an app. */
export async function buildWebApp(): Promise<void> {
  const hash = sourceHash()
  const fresh = `${builtFolder}-${process.pid}`
  const vite = join(
    dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  )
  const args = [
    vite,
    'build',
    '--config',
    'web/vite.config.ts',
    '--outDir',
    fresh,
    '--logLevel',
    'warn',
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('exit', resolve).on('error', reject)
  if ((await promise) !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    throw new RapportError('startup_failed', 'The web app could not be built; see above.')
  }
  writeFileSync(join(fresh, markFile), hash)
  takePlace(fresh)
}

function takePlace(fresh: string): void {
  rmSync(builtFolder, { recursive: true, force: true })
  try {
    renameSync(fresh, builtFolder)
  } catch (error) {
    // Another process was quicker; where it built the same, ours is not needed.
    rmSync(fresh, { recursive: true, force: true })
    if (!isWebAppCurrent()) throw error
  }
}

/** For `start` and `demo` in a checkout. Without the tools to build, the server says so on its page. */
export async function buildWebAppIfStale(note: (sentence: string) => void): Promise<void> {
  if (!existsSync(join(root, 'web/index.html')) || isWebAppCurrent()) return
  note('Building the web app (a few seconds, once).')
  await buildWebApp()
}
