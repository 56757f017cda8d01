/**
 * A query cut into words, as ClickHouse would cut it, and written anew without its comments. What we
 * do not know for certain to be cut alike is refused, so nothing can hide from the checks behind it.
 */
import { refuseQuery } from './refuse-query.ts'

export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'name' | 'sign'
  readonly text: string
  /** Place in the query, in characters from 0. */
  readonly at: number
}

export interface TokenisedQuery {
  readonly tokens: readonly Token[]
  /** The query with spaces where comments stood: as long as it was, line by line. */
  readonly text: string
}

/** Characters of a query, and how deep its brackets may be. */
export const longestQuery = 50_000
const deepestBrackets = 60

const blank = /[ \t\r\n]+|--[^\n]*|\/\*[^]*?\*\//y
const word = /[A-Za-z_]\w*/y
const number = /\d\w*/y
const quotes = { "'": 'text', '`': 'name', '"': 'name' } as const
const signs = '+-*/%=<>!|?:.,()[];'

export function tokeniseQuery(query: string): TokenisedQuery {
  if (query.length > longestQuery)
    refuseQuery(query, 0, `A query may have ${longestQuery} characters at most.`)
  const tokens: Token[] = []
  let text = ''
  let depth = 0
  for (let at = 0; at < query.length;) {
    const skipped = matchAt(blank, query, at)
    if (skipped !== null) {
      text += skipped.replaceAll(/[^\n]/g, ' ')
      at += skipped.length
      continue
    }
    const token = tokenAt(query, at)
    tokens.push(token)
    text += token.text
    at += token.text.length
    if (token.kind !== 'sign') continue
    if (token.text === '(' || token.text === '[') depth++
    if (token.text === ')' || token.text === ']') depth--
    if (depth < 0) refuseQuery(query, token.at, `This ${token.text} closes nothing.`)
    if (depth > deepestBrackets) refuseQuery(query, token.at, 'Brackets are nested too deep.')
  }
  const last = tokens.at(-1)
  if (depth > 0) refuseQuery(query, last?.at ?? 0, 'A bracket is not closed.')
  return withoutEnd(query, tokens, text)
}

/** One semicolon at the end is a habit; anywhere else it begins another statement. */
function withoutEnd(query: string, tokens: Token[], text: string): TokenisedQuery {
  const semicolon = tokens.find((token) => token.kind === 'sign' && token.text === ';')
  if (semicolon === undefined) return { tokens, text }
  if (semicolon !== tokens.at(-1))
    refuseQuery(query, semicolon.at, 'Ask one question at a time: nothing may follow a semicolon.')
  return {
    tokens: tokens.slice(0, -1),
    text: `${text.slice(0, semicolon.at)} ${text.slice(semicolon.at + 1)}`,
  }
}

function tokenAt(query: string, at: number): Token {
  const first = query[at] ?? ''
  const found = matchAt(word, query, at) ?? matchAt(number, query, at)
  if (found !== null) {
    // x'41' and its like are cut by rules of their own.
    if ((query[at + found.length] ?? '') in quotes)
      refuseQuery(query, at + found.length, 'Put a space before this quote.')
    return { kind: /\d/.test(first) ? 'number' : 'word', text: found, at }
  }
  if (first === "'" || first === '`' || first === '"')
    return { kind: quotes[first], text: quotedAt(query, at, first), at }
  if (query.startsWith('//', at) || query.startsWith('/*', at))
    refuseQuery(query, at, 'This comment has no end, or begins with //. Write -- instead.')
  if (!signs.includes(first))
    refuseQuery(query, at, `The character ${JSON.stringify(first)} may stand in quotes only.`)
  return { kind: 'sign', text: first, at }
}

function quotedAt(query: string, at: number, quote: string): string {
  for (let end = at + 1; end < query.length; end++) {
    const character = query[end] ?? ''
    if (character < ' ' && (quote !== "'" || !'\t\r\n'.includes(character)))
      refuseQuery(query, end, 'A control character stands in these quotes.')
    if (character === '\\') {
      if (quote !== "'") refuseQuery(query, end, 'A name may not have a backslash.')
      end++
    } else if (character === quote) {
      if (query[end + 1] !== quote) return query.slice(at, end + 1)
      end++
    }
  }
  return refuseQuery(query, at, 'This quote is not closed.')
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}
