/** The syntax tree of a query, as ClickHouse tells it with `explain ast`. */

export interface SyntaxNode {
  /** Such as `Function`, `TableIdentifier`, `Literal`. */
  readonly kind: string
  /** What is named by it; a literal's value. */
  readonly name: string
  readonly parent: SyntaxNode | null
  readonly children: SyntaxNode[]
}

/** Null where the lines are not a whole tree: then nothing is known of the query. */
export function readSyntaxTree(lines: readonly string[]): SyntaxNode[] | null {
  const nodes: SyntaxNode[] = []
  const path: SyntaxNode[] = []
  const promised = new Map<SyntaxNode, number>()
  for (const line of lines) {
    const depth = line.length - line.trimStart().length
    const [kind = '', ...rest] = line.trim().split(' ')
    if (depth > path.length) return null
    path.length = depth
    const parent = path.at(-1) ?? null
    if (parent === null && nodes.length > 0) return null
    const name = rest.join(' ').replace(/ ?\((?:alias|children) .*$/, '')
    const node: SyntaxNode = { kind, name, parent, children: [] }
    parent?.children.push(node)
    path.push(node)
    nodes.push(node)
    promised.set(node, Number(/\(children (\d+)\)$/.exec(line)?.[1] ?? 0))
  }
  const isWhole = nodes.every((node) => promised.get(node) === node.children.length)
  return isWhole && nodes.length > 0 ? nodes : null
}
