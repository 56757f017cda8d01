/**
 * Builds the web app and the browser snippet where their built form is missing or older than their
 * source. The source is told by its contents, not its dates, which a fresh clone sets anew.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RapportError } from '../domain/error.ts'

const root = join(import.meta.dirname, '../..')
const markFile = '.source'

interface Product {
  readonly name: string
  /** Where it is built into, from the root of the repository. */
  readonly folder: string
  /** What it is made of. */
  readonly sources: readonly string[]
  /** Not there where only the built form was installed. */
  readonly entry: string
  /** What Node shall run to build it into a folder. */
  readonly command: (into: string) => readonly string[]
}

const webApp: Product = {
  name: 'web app',
  folder: 'dist/web',
  // Its own files, the nouns it shares with the server, and its libraries.
  sources: ['web/**/*', 'src/domain/*.ts', 'src/relationship/**/*.ts', 'package-lock.json'],
  entry: 'web/index.html',
  command: (into) => {
    const vite = createRequire(import.meta.url).resolve('vite/package.json')
    const config = ['--config', 'web/vite.config.ts', '--outDir', into, '--logLevel', 'warn']
    return [join(dirname(vite), 'bin/vite.js'), 'build', ...config]
  },
}

const snippet: Product = {
  name: 'browser snippet',
  folder: 'sdk/dist',
  sources: ['sdk/src/*.ts', 'sdk/build.ts', 'package-lock.json'],
  entry: 'sdk/build.ts',
  command: (into) => ['sdk/build.ts', into],
}

const products = [webApp, snippet]

function sourceHash({ sources }: Product): string {
  const hash = createHash('sha256')
  const files = globSync([...sources], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.toSorted())
    hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

function isCurrent(product: Product): boolean {
  const mark = join(root, product.folder, markFile)
  return existsSync(mark) && readFileSync(mark, 'utf8') === sourceHash(product)
}

/** Builds into a folder of its own and then changes places, so that nobody is served half an app. */
async function build(product: Product): Promise<void> {
  const hash = sourceHash(product)
  const fresh = join(root, `${product.folder}-${process.pid}`)
  const child = spawn(process.execPath, product.command(fresh), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<number | null>()
  child.on('exit', resolve).on('error', reject)
  if ((await promise) !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    throw new RapportError('startup_failed', `The ${product.name} could not be built; see above.`)
  }
  writeFileSync(join(fresh, markFile), hash)
  takePlace(fresh, product)
}

function takePlace(fresh: string, product: Product): void {
  const folder = join(root, product.folder)
  rmSync(folder, { recursive: true, force: true })
  try {
    renameSync(fresh, folder)
  } catch (error) {
    // Another process was quicker; where it built the same, ours is not needed.
    rmSync(fresh, { recursive: true, force: true })
    if (!isCurrent(product)) throw error
  }
}

async function buildIfStale(product: Product, note: (sentence: string) => void): Promise<void> {
  if (!existsSync(join(root, product.entry)) || isCurrent(product)) return
  note(`Building the ${product.name} (a few seconds, once).`)
  await build(product)
}

/** `npm run build`. */
export async function buildWeb(): Promise<void> {
  for (const product of products) await build(product)
}

/** For `start` and `demo` in a checkout. Without the tools to build, the server says so on its page. */
export async function buildWebIfStale(note: (sentence: string) => void): Promise<void> {
  for (const product of products) await buildIfStale(product, note)
}

/** For tests of the snippet, which need no web app. */
export async function buildSnippetIfStale(): Promise<void> {
  await buildIfStale(snippet, () => {})
}
