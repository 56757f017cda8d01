/** What YAML can hold that no model may: keys twice, cycles, depth, keys of prototypes. */
import { isAlias, isNode, isScalar, visit } from 'yaml'
import type { Document, Node } from 'yaml'

/** Conditions within conditions; the deepest of our playbooks has 12. */
const maximumDepth = 40

const maximumAliases = 200

export interface YamlFault {
  /** Place in the text. */
  readonly offset: number
  readonly message: string
}

export function hostilePlaces(document: Document): YamlFault[] {
  const faults: YamlFault[] = []
  const report = (node: unknown, message: string): void => {
    faults.push({ offset: (node as Node | null)?.range?.[0] ?? 0, message })
  }
  let aliases = 0
  visit(document, {
    Alias: (_, alias, path) => {
      // Each is resolved by a walk through the document.
      if (++aliases === maximumAliases) report(alias, 'Too many YAML aliases.')
      const isWithinItself = path.some((outer) => isNode(outer) && !isAlias(outer) && outer.anchor === alias.source)
      if (isWithinItself) report(alias, `"*${alias.source}" stands within what it repeats`)
    },
    Map: (_, { items }) => {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) report(key, `"${String(key.value)}" is there twice`)
        seen.add(key.value)
      }
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') report(key, '"__proto__" is not a name')
      if (isNode(key) && !isScalar(key)) report(key, 'a key must be a name')
    },
  }) // prettier-ignore
  return faults
}

/** Whether a value without cycles is nested deeper than any model; what occurs twice is seen once. */
export function isTooDeep(value: unknown): boolean {
  const depths = new Map<object, number>()
  const depthOf = (part: unknown): number => {
    if (typeof part !== 'object' || part === null) return 0
    const known = depths.get(part)
    if (known !== undefined) return known
    let deepest = 0
    for (const inner of Object.values(part)) deepest = Math.max(deepest, depthOf(inner))
    depths.set(part, deepest + 1)
    return deepest + 1
  }
  return depthOf(value) > maximumDepth
}
