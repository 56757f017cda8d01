/** YAML text -> checked model, with every fault named by its line and what was expected. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { RapportError } from '../domain/error.ts'
import { checkReferences } from './check-references.ts'
import { compileModel } from './compile-model.ts'
import { modelSchema } from './model-schema.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Document, Node } from 'yaml'
import type { Model } from './model-schema.ts'

export interface ModelFault {
  /** Line in the YAML text, from 1. */
  readonly line: number
  /** Where in the model, for example `rungs.3.when.all.0`. */
  readonly path: string
  readonly message: string
}

type Path = readonly PropertyKey[]

/** Limits against hostile text: size of the file, and YAML aliases (which could grow without end). */
const maximumCharacters = 500_000

export function parseModel(
  yaml: string,
): { ok: true; model: Model } | { ok: false; faults: ModelFault[] } {
  if (yaml.length > maximumCharacters) {
    return {
      ok: false,
      faults: [{ line: 1, path: '', message: 'A model has 500,000 characters at most.' }],
    }
  }
  const lines = new LineCounter()
  const document = parseDocument(yaml, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  })
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({
      line: lines.linePos(error.pos[0]).line,
      path: '',
      message: error.message,
    }))
    return { ok: false, faults }
  }
  const at = (path: Path, message: string): ModelFault => ({
    line: lineOf(document, lines, path),
    path: path.map(String).join('.'),
    message,
  })
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    return { ok: false, faults: [at([], 'Too many YAML aliases.')] }
  }
  const parsed = modelSchema.safeParse(value)
  if (!parsed.success) {
    return {
      ok: false,
      faults: deepestIssues(parsed.error.issues).map(({ path, message }) => at(path, message)),
    }
  }
  const references = checkReferences(parsed.data)
  if (references.length > 0) {
    return { ok: false, faults: references.map(({ path, message }) => at(path, message)) }
  }
  return { ok: true, model: parsed.data }
}

/** Parses and compiles, or throws `invalid_model` with all faults. */
export function loadModel(yaml: string): CompiledModel {
  const parsed = parseModel(yaml)
  if (parsed.ok) return compileModel(parsed.model)
  const [first] = parsed.faults
  throw new RapportError(
    'invalid_model',
    `Line ${first?.line}: ${first?.path ? `${first.path}: ` : ''}${first?.message}`,
    { errors: parsed.faults },
  )
}

interface Issue {
  readonly path: Path
  readonly message: string
  readonly code?: string
  readonly errors?: readonly (readonly Issue[])[]
}

/**
 * A union that fits nowhere hides what was wrong: show the faults of the alternative that came
 * furthest, which is the one that the writer meant.
 */
function deepestIssues(
  issues: readonly Issue[],
  base: Path = [],
): { path: Path; message: string }[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path]
    if (issue.code !== 'invalid_union' || !issue.errors || issue.errors.length === 0) {
      return [{ path, message: issue.message }]
    }
    const depth = (list: readonly Issue[]): number =>
      Math.max(0, ...list.map(({ path }) => path.length))
    const rank = (list: readonly Issue[]): number => depth(list) * 100 - list.length
    const best = [...issue.errors].sort((a, b) => rank(b) - rank(a))[0]
    return best && best.length > 0 ? deepestIssues(best, path) : [{ path, message: issue.message }]
  })
}

/** Line of the node at a path, or of its nearest ancestor that exists. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents
  let offset = (node as Node | null)?.range?.[0] ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      )
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(key)]
      if (!node) break
      offset = (node as Node).range?.[0] ?? offset
    } else break
  }
  return lines.linePos(offset).line
}
