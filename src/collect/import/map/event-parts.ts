/** The parts of an event of the Segment protocol that a mapping fills: who, what, how much, and the rest. */
import type { Json, JsonObject } from '../../../domain/touchpoint.ts'
import { compileValue, type ReadValue } from './mapped-value.ts'
import type { MappedValue, TouchpointMapping } from '../mapping-schema.ts'
import { readNumber, type KnownColumns, type RowScope } from './row-scope.ts'

/** Puts one thing into the event; leaves it alone where the row has nothing. */
export type Part = (event: JsonObject, scope: RowScope) => void

export function compileParts(mapping: TouchpointMapping, known: KnownColumns): Part[] {
  const { event, account, amount, traits = {}, properties = {}, context = {} } = mapping
  const isTrack = mapping.type === 'track'
  const ofPerson = mapping.type === 'identify' || mapping.type === 'group'
  const parts: Part[] = [compileIdentifiers(mapping, known)]
  if (event) parts.push(compilePart(event, known, (one) => [one, isTrack ? 'event' : 'name']))
  if (account) {
    const isGroup = mapping.type === 'group'
    const place = (one: JsonObject): Place =>
      isGroup ? [one, 'groupId'] : [inside(one, 'context'), 'groupId']
    parts.push(compilePart(account, known, place))
  }
  for (const [key, value] of entries(traits)) {
    const place = (one: JsonObject): JsonObject =>
      ofPerson ? inside(one, 'traits') : inside(one, 'context', 'traits')
    parts.push(compilePart(value, known, (one) => [place(one), key]))
  }
  for (const [key, value] of entries(properties)) {
    parts.push(compilePart(value, known, (one) => [inside(one, 'properties'), key]))
  }
  for (const [key, value] of entries(context)) {
    const path = key.split('.')
    const last = path.pop() ?? key
    parts.push(compilePart(value, known, (one) => [inside(one, 'context', ...path), last]))
  }
  if (amount) parts.push(compileAmount(amount, known))
  return parts
}

type Place = readonly [object: JsonObject, key: string]

function compilePart(
  value: MappedValue,
  known: KnownColumns,
  place: (event: JsonObject) => Place,
): Part {
  const read = compileValue(value, known)
  return (event, scope) => {
    const found = read(scope)
    if (found === undefined) return
    const [object, key] = place(event)
    object[key] = found
  }
}

function compileIdentifiers({ type, identifiers }: TouchpointMapping, known: KnownColumns): Part {
  const all = Object.entries(identifiers).map(([namespace, value]): [string, ReadValue] => [
    namespace,
    compileValue(value, known),
  ])
  return (event, scope) => {
    for (const [namespace, read] of all) {
      const value = read(scope)
      if (value !== undefined) setIdentifier(event, namespace, value, type === 'alias')
    }
  }
}

function setIdentifier(event: JsonObject, namespace: string, value: Json, isAlias: boolean): void {
  if (namespace === 'user_id') event['userId'] = value
  else if (namespace === 'anonymous_id') event[isAlias ? 'previousId' : 'anonymousId'] = value
  else if (namespace === 'email' || namespace === 'phone') {
    inside(event, 'context', 'traits')[namespace] = value
  } else {
    const context = inside(event, 'context')
    const externalIds = (context['externalIds'] ??= []) as Json[]
    externalIds.push({ id: value, type: namespace, collection: 'users', encoding: 'none' })
  }
}

function compileAmount(
  { value, currency }: NonNullable<TouchpointMapping['amount']>,
  known: KnownColumns,
): Part {
  const readAmount = compileValue(value, known)
  const readCurrency = compileValue(currency, known)
  const { decimal } = known.mapping.file
  return (event, scope) => {
    const amount = readAmount(scope)
    if (amount === undefined) return
    const total = readNumber(amount, decimal)
    if (!Number.isFinite(total)) {
      scope.problems.push(`"${String(amount).slice(0, 60)}" is not an amount.`)
      return
    }
    const properties = inside(event, 'properties')
    properties['total'] = total
    const code = readCurrency(scope)
    if (code !== undefined) properties['currency'] = code
  }
}

/** A key that would reach the prototype of an object is nobody's trait. */
function entries<Value>(of: Record<string, Value>): [string, Value][] {
  const isHarmful = (part: string): boolean =>
    ['__proto__', 'constructor', 'prototype'].includes(part)
  return Object.entries(of).filter(([key]) => !key.split('.').some(isHarmful))
}

/** The object at a path of an event, made where it is missing. */
function inside(event: JsonObject, ...path: readonly string[]): JsonObject {
  let object = event
  for (const key of path) {
    const next = object[key]
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) object = next
    else object = object[key] = {}
  }
  return object
}
