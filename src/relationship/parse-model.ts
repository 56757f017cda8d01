/** YAML text -> checked model, with every fault named by its line and what was expected. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { RapportError } from '../domain/error.ts'
import { checkReferences } from './check-references.ts'
import { compileModel } from './compile-model.ts'
import { faultsOf } from './model-faults.ts'
import { hostilePlaces, isTooDeep } from './hostile-yaml.ts'
import { modelSchema } from './model-schema.ts'
import type { CompiledModel } from './compile-model.ts'
import type { Document, Node } from 'yaml'
import type { Model } from './model-schema.ts'
import type { Path, PlacedFault } from './model-faults.ts'

export interface ModelFault {
  /** Line in the YAML text, from 1. */
  readonly line: number
  /** Where in the model, for example `rungs.3.when.all.0`. */
  readonly path: string
  readonly message: string
}

type ParsedModel = { ok: true; model: Model } | { ok: false; faults: ModelFault[] }

/** Limits against hostile text: its size, what YAML aliases may multiply, the length of the answer. */
const maximumCharacters = 500_000
const maximumAliases = 100
const maximumFaults = 100

export function parseModel(yaml: string): ParsedModel {
  if (yaml.length > maximumCharacters) return oneFault('A model has 500,000 characters at most.')
  try {
    return parse(yaml)
  } catch (error) {
    // The stack overflowed: nothing that anybody would write by hand.
    if (error instanceof RangeError) return oneFault(tooDeep)
    throw error
  }
}

const tooDeep = 'This is nested too deeply.'

const oneFault = (message: string): ParsedModel => ({
  ok: false,
  faults: [{ line: 1, path: '', message }],
})

function parse(yaml: string): ParsedModel {
  const lines = new LineCounter()
  const document = parseDocument(yaml, {
    lineCounter: lines,
    prettyErrors: false,
    // Compared pair by pair it would take minutes for a hostile file; see hostile-yaml.ts.
    uniqueKeys: false,
    logLevel: 'error',
  })
  const placed = [
    ...document.errors.map(({ pos, message }) => ({ offset: pos[0], message })),
    ...(document.errors.length > 0 ? [] : hostilePlaces(document)),
  ]
  if (placed.length > 0) {
    const faults = placed.slice(0, maximumFaults).map(({ offset, message }) => ({
      line: lines.linePos(offset).line,
      path: '',
      message: /call stack|Stack overflow/.test(message) ? tooDeep : message,
    }))
    return { ok: false, faults }
  }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: maximumAliases })
  } catch {
    return oneFault('Too many YAML aliases.')
  }
  if (isTooDeep(value)) return oneFault(tooDeep)
  const failed = (faults: readonly PlacedFault[]): ParsedModel => ({
    ok: false,
    faults: faults.slice(0, maximumFaults).map(({ path, message }) => ({
      line: lineOf(document, lines, path),
      path: path.map(String).join('.'),
      message,
    })),
  })
  const parsed = modelSchema.safeParse(value)
  if (!parsed.success) return failed(faultsOf(parsed.error.issues, value))
  const references = checkReferences(parsed.data)
  return references.length > 0 ? failed(references) : { ok: true, model: parsed.data }
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
