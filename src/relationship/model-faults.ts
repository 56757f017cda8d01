/** Faults of a model in words for its writer, each at its place. */
import { conditionGroups } from './model-schema.ts'

export type Path = readonly PropertyKey[]

export interface PlacedFault {
  readonly path: Path
  readonly message: string
}

/** An issue as Zod reports it, as far as it is read here. */
interface Issue extends PlacedFault {
  readonly code?: string
  /** unrecognized_keys: the keys. */
  readonly keys?: readonly string[]
  /** invalid_key: what is wrong with the key. */
  readonly issues?: readonly Issue[]
  /** invalid_union: what is wrong with each alternative. */
  readonly errors?: readonly (readonly Issue[])[]
}

/** @param model  what was checked, to look at what the writer meant */
export function faultsOf(issues: readonly Issue[], model: unknown): PlacedFault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, model))
}

function faultsOfIssue(issue: Issue, model: unknown): PlacedFault[] {
  const { path, message, code } = issue
  const meant = meantGroup(valueAt(model, path))
  if (meant && (code === 'invalid_union' || code === 'unrecognized_keys' || code === 'custom')) {
    // None of the faults of a comparison says anything about what is written here.
    return code === 'custom' ? [] : prefixed(path, meant)
  }
  if (code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `"${key}" is not known here`,
    }))
  }
  if (code === 'invalid_key' && issue.issues?.[0]) {
    return [{ path, message: `expected ${issue.issues[0].message}` }]
  }
  if (code === 'invalid_union' && issue.errors && issue.errors.length > 0) {
    const best = furthest(issue.errors)
    const base = path
    return best.flatMap((inner) =>
      faultsOfIssue({ ...inner, path: [...base, ...inner.path] }, model),
    )
  }
  return [{ path, message }]
}

/**
 * Zod tells a list of conditions that is wrong within that it is no comparison: checked against what
 * its key says it is, the faults within are told.
 */
function meantGroup(value: unknown): PlacedFault[] | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, schema] of Object.entries(conditionGroups)) {
    if (!Object.hasOwn(value, key)) continue
    const parsed = schema.safeParse(value)
    return parsed.success ? null : faultsOf(parsed.error.issues, value)
  }
  return null
}

const prefixed = (base: Path, faults: readonly PlacedFault[]): PlacedFault[] =>
  faults.map(({ path, message }) => ({ path: [...base, ...path], message }))

/** Of a union that fits nowhere, the alternative that came furthest: what the writer meant. */
function furthest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const rank = (list: readonly Issue[]): number =>
    Math.max(0, ...list.map(({ path }) => path.length)) * 100 - list.length
  return [...alternatives].sort((a, b) => rank(b) - rank(a))[0] ?? []
}

function valueAt(model: unknown, path: Path): unknown {
  let value = model
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}
