import { posix } from 'node:path'
import { isTest, placeOf, withoutComments, type SourceFile, type Verdict } from './sources.ts'

const rooms = [
  ...['collect', 'identify', 'measure', 'segment', 'listen', 'predict', 'decide', 'prove'],
  'deliver',
]
const inner = ['domain', 'relationship', 'math', 'store']

/** The import law of ARCHITECTURE.md: which places a place may import from, besides itself. */
const law: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  math: [],
  relationship: ['domain', 'math'],
  store: ['domain', 'relationship'],
  ...Object.fromEntries(rooms.map((room) => [room, inner])),
  app: [...inner, ...rooms, 'demo'],
  cli: [...inner, ...rooms, 'app', 'demo'],
  web: ['domain', 'relationship'],
  sdk: [],
  demo: [...inner, ...rooms, 'app'],
}
/** Modules by which a program reaches out: never from what is pure. */
const reachingOut =
  /^(node:(fs|net|http|https|child_process|worker_threads|dgram)(\/.*)?|pg|kysely|fastify|chdb.*|@clickhouse\/.*)$/
const pure = new Set(['domain', 'math', 'relationship'])

interface Import {
  readonly specifier: string
  readonly typesOnly: boolean
}

/** Every import and re-export of a file, those of types included. */
export function importsOf(text: string): Import[] {
  const statement =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'/g
  return [...withoutComments(text).matchAll(statement)].map((match) => ({
    specifier: match[2] ?? match[3] ?? '',
    typesOnly: match[1] !== undefined,
  }))
}

function targetOf(file: SourceFile, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : null
}

export function checkImportLaw(files: readonly SourceFile[]): Verdict {
  const faults: string[] = []
  let looked = 0
  for (const file of files) {
    const place = placeOf(file.path)
    const allowed = law[place]
    if (allowed === undefined || isTest(file.path)) continue
    looked += 1
    for (const { specifier, typesOnly } of importsOf(file.text)) {
      const target = targetOf(file, specifier)
      const to = target === null ? null : placeOf(target)
      if (target === null && pure.has(place) && reachingOut.test(specifier)) {
        faults.push(`${file.path} is pure and imports ${specifier}`)
      } else if (target?.endsWith('.json') || to === null || to === place) {
        continue
      } else if (isTest(target ?? '') || !allowed.includes(to)) {
        faults.push(`${file.path} imports ${target}: ${place} may not import ${to}`)
      } else if (place === 'web' && !typesOnly) {
        faults.push(`${file.path} imports more than types from ${target}`)
      }
    }
  }
  return { looked, faults }
}

/** Cycles of imports, types included; each named once by the files on it. */
export function checkCycles(files: readonly SourceFile[]): Verdict {
  const paths = new Set(files.map(({ path }) => path))
  const edges = new Map(
    files.map((file) => {
      const targets = importsOf(file.text).map(({ specifier }) => targetOf(file, specifier))
      return [file.path, targets.filter((target) => target !== null && paths.has(target))] as const
    }),
  )
  const state = new Map<string, 'open' | 'done'>()
  const faults: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      faults.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const target of edges.get(path) ?? []) if (target !== null) visit(target, [...trail, path])
    state.set(path, 'done')
  }
  for (const { path } of files) visit(path, [])
  return { looked: files.length, faults }
}
