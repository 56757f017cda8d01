/**
 * Which queries are run: one SELECT over our views with functions that only compute. ClickHouse's own
 * `readonly` is set too, but does not suffice: `select * from (select ... settings readonly = 0)` and
 * `file('/etc/passwd')` pass it. So the syntax tree is read, and what is not known to be harmless is
 * refused.
 */
import { isAllowedFunction, tableFunctions, type KnownFunctions } from './allowed-functions.ts'
import { readSyntaxTree, type SyntaxNode } from './syntax-tree.ts'
import { refuseQuery } from './refuse-query.ts'
import { tokeniseQuery } from './tokens.ts'

export const exploredViews = ['history', 'parties', 'moves'] as const

export interface Engine {
  readonly functions: KnownFunctions
  /** Tables and views that are there, ours among them. */
  readonly tables: ReadonlySet<string>
}

const refusedWords: Readonly<Record<string, string>> = {
  settings:
    'Settings are ours to make: leave the clause out. A column of that name goes in quotes.',
  outfile: 'Files are not written by a query. Use Download.',
  infile: 'Files are not read by a query.',
  apply: 'Write the function around each column instead of APPLY.',
}

const kinds: ReadonlySet<string> = new Set([
  ...['SelectWithUnionQuery', 'SelectIntersectExceptQuery', 'SelectQuery', 'Subquery'],
  ...['ExpressionList', 'Function', 'Identifier', 'Literal', 'WithElement', 'Asterisk'],
  ...['TablesInSelectQuery', 'TablesInSelectQueryElement', 'TableExpression', 'TableIdentifier'],
  ...['TableJoin', 'ArrayJoin', 'OrderByElement', 'QualifiedAsterisk', 'SampleRatio'],
  ...['WindowListElement', 'WindowDefinition', 'InterpolateElement'],
  ...['ColumnsRegexpMatcher', 'ColumnsListMatcher', 'ColumnsTransformerList'],
  ...['QualifiedColumnsRegexpMatcher', 'QualifiedColumnsListMatcher'],
  ...['ColumnsExceptTransformer', 'ColumnsReplaceTransformer', 'ColumnsReplaceTransformer::Replacement'],
]) // prettier-ignore

/** What can be seen without ClickHouse. Answers the text to send: without comments, of the same length. */
export function checkWords(query: string): string {
  const { tokens, text } = tokeniseQuery(query)
  const first = tokens[0]
  if (first === undefined) refuseQuery(query, 0, 'There is no query.')
  const opens = tokens.find(({ text: sign }) => sign !== '(')
  if (!/^(select|with|from)$/i.test(opens?.text ?? ''))
    refuseQuery(
      query,
      opens?.at ?? 0,
      'A query begins with SELECT or WITH; nothing is changed here.',
    )
  for (const { kind, text: said, at } of tokens) {
    const why = kind === 'word' ? refusedWords[said.toLowerCase()] : undefined
    if (why !== undefined) refuseQuery(query, at, why)
  }
  return text
}

/** @param lines  what `explain ast (query)` answered */
export function checkTree(query: string, lines: readonly string[], engine: Engine): void {
  const nodes = readSyntaxTree(lines)
  if (nodes === null || nodes[0]?.kind !== 'SelectWithUnionQuery')
    return refuseQuery(query, null, 'Only SELECT is answered here.')
  for (const node of nodes) checkNode(query, node, engine)
}

function checkNode(query: string, node: SyntaxNode, { functions, tables }: Engine): void {
  const { kind, name, parent } = node
  const refuse = (why: string): never => refuseQuery(query, placeOf(query, name), why)
  const isOurs = (table: string): boolean =>
    (exploredViews as readonly string[]).includes(table) ||
    // A name that is no table is one that the query gives itself, or nothing at all.
    (!table.includes('.') && !tables.has(table))
  if (!kinds.has(kind)) refuse(`${kind} is not known here.`)
  if (kind === 'TableIdentifier' && !isOurs(name))
    refuse(`${name} cannot be asked. Ask ${exploredViews.join(', ')}.`)
  if (kind === 'Function') {
    const isTable = parent?.kind === 'TableExpression'
    if (isTable ? !tableFunctions.has(name) : !isAllowedFunction(name, functions))
      refuse(`The function ${name} is not known, or is not allowed here.`)
  }
  if (kind === 'Identifier') {
    // arrayMap(lower, names) names a function as if it were a column.
    if (functions.others.has(name.toLowerCase()))
      refuse(`${name} is a function that is not allowed here. Give the column another name.`)
    if (isRightOfIn(node) && !isOurs(name)) refuse(`${name} cannot be asked.`)
  }
}

/** `x in name` reads a table. */
function isRightOfIn(node: SyntaxNode): boolean {
  const list = node.parent
  const isIn = /in(?:IgnoreSet)?$/i.test(list?.parent?.name ?? '')
  return isIn && list?.parent?.kind === 'Function' && list.children.indexOf(node) === 1
}

/** Where a name first stands as a whole word. */
export function placeOf(query: string, name: string): number | null {
  const last = name.split('.').at(-1) ?? ''
  if (!/^\w+$/.test(last)) return null
  const at = query.search(new RegExp(String.raw`\b${last}\b`, 'i'))
  return at < 0 ? null : at
}
