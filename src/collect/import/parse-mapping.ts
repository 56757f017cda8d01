/** YAML text -> checked mapping, with every fault named by its line. */
import { LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { RapportError } from '../../domain/error.ts'
import { mappingSchema, type Mapping } from './mapping-schema.ts'

interface Fault {
  readonly line: number
  readonly path: string
  readonly message: string
}

const charactersLimit = 200_000

/** @throws RapportError invalid_mapping with `errors: [{ line, path, message }]`. */
export function parseMapping(yaml: string): Mapping {
  if (yaml.length > charactersLimit) {
    throw refusal([{ line: 1, path: '', message: 'A mapping has 200,000 characters at most.' }])
  }
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    throw refusal(
      document.errors.map(({ pos, message }) => {
        return { line: lines.linePos(pos[0]).line, path: '', message }
      }),
    )
  }
  const parsed = mappingSchema.safeParse(valueOf(document))
  if (parsed.success) return parsed.data
  throw refusal(
    parsed.error.issues.map(({ path, message }) => ({
      line: lineOf(document, lines, path),
      path: path.map(String).join('.'),
      message,
    })),
  )
}

function valueOf(document: Document): unknown {
  try {
    // YAML aliases could unfold to more than memory holds.
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    throw refusal([{ line: 1, path: '', message: 'Too many YAML aliases.' }])
  }
}

/** Line of the node at a path, or of its nearest ancestor that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Partial<Node> | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

function refusal(errors: readonly Fault[]): RapportError {
  const [first] = errors
  const where = first?.path ? `${first.path}: ` : ''
  return new RapportError('invalid_mapping', `Line ${first?.line}: ${where}${first?.message}`, {
    errors,
  })
}
