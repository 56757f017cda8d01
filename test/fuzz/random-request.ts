import {
  hostileCursor,
  hostileTexts,
  hostileValue,
  properValue,
  type Schema,
} from './hostile-values.ts'
import type { Random } from '../../src/math/random.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>
  }
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export interface Route {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

export function routesOf({ paths }: ApiDocument): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
}

export interface RandomRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface Chance {
  readonly random: Random
  /** Ids of things that are there. */
  readonly ids: readonly string[]
  /** How likely each part is to be wrong. */
  readonly hostility: number
}

export function randomRequest({ method, path, operation }: Route, chance: Chance): RandomRequest {
  const { random, ids, hostility } = chance
  const valueOf = ({ name, schema }: Parameter): unknown => {
    if (name === 'cursor' && random.chance(0.9)) return hostileCursor(random)
    return random.chance(hostility)
      ? hostileValue(schema, random, ids)
      : properValue(schema, random, ids)
  }
  let filled = path
  const query: string[] = []
  for (const parameter of operation.parameters ?? []) {
    const { name, required = false } = parameter
    if (parameter.in === 'path') filled = filled.replace(`{${name}}`, encode(valueOf(parameter)))
    else if (required ? !random.chance(hostility / 4) : random.chance(0.4)) {
      query.push(`${name}=${encode(valueOf(parameter))}`)
      // A parameter that is there twice.
      if (random.chance(hostility / 8)) query.push(`${name}=${encode(valueOf(parameter))}`)
    }
  }
  if (random.chance(hostility / 8))
    query.push(random.choice(['%', 'a=%ff', '__proto__=1', '=', 'x[]=1']))
  return {
    method,
    path: query.length > 0 ? `${filled}?${query.join('&')}` : filled,
    ...bodyOf(method, operation, chance),
  }
}

/** An address cannot hold a lone surrogate. */
function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return encodeURIComponent(text.toWellFormed())
}

const oddTypes = ['text/plain', 'application/xml', 'application/json; charset=utf-16', 'x', 'a/b/c']

function bodyOf(
  method: string,
  { requestBody }: Operation,
  { random, ids, hostility }: Chance,
): Pick<RandomRequest, 'headers' | 'body'> {
  const bodiless = method === 'GET' || method === 'HEAD'
  const schema = requestBody?.content['application/json']?.schema
  if (bodiless || (schema === undefined && !random.chance(hostility / 4))) {
    return { headers: {}, body: null }
  }
  const isOdd = random.chance(hostility / 6)
  const type = isOdd ? random.choice(oddTypes) : 'application/json'
  if (schema === undefined || random.chance(hostility / 6)) {
    const broken = ['', '{', 'null', '"', '[]', '0', '{"a":1}}', '\u0000', '['.repeat(9_000)]
    return { headers: { 'content-type': type }, body: random.choice([...broken, ...hostileTexts]) }
  }
  const value = random.chance(hostility)
    ? hostileValue(schema, random, ids)
    : properValue(schema, random, ids)
  return { headers: { 'content-type': type }, body: JSON.stringify(value) ?? '' }
}
