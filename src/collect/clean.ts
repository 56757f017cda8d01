import { RapportError } from '../domain/error.ts'
import type { Json, JsonObject } from '../domain/touchpoint.ts'
import { depthLimit, keyLengthLimit } from './scan-json.ts'

/** Doubles end at 1.8e308; sums of a few such values must not become infinite. */
const numberLimit = 1e300

/**
 * A value that every store takes: no NUL and no lone surrogate in text (PostgreSQL errors 22P05,
 * 22P02), no infinite number, no key over 200 characters, no key that could reach a prototype.
 * Takes what JSON.parse gives. The value itself is never changed; where nothing is wrong, the very
 * same value comes back.
 *
 * @throws RapportError nested_too_deep
 */
export function clean(value: unknown): Json {
  return cleanValue(value, 0)
}

/** The text without NUL, and with U+FFFD in place of lone surrogates. */
export function cleanText(text: string): string {
  const shown = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text
  return shown.isWellFormed() ? shown : shown.toWellFormed()
}

/** At most so many UTF-16 units, never cutting a character in two. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 1)
  const splits = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, splits ? limit - 1 : limit)
}

function cleanValue(value: unknown, depth: number): Json {
  if (typeof value === 'string') return cleanText(value)
  if (typeof value === 'number') return cleanNumber(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? value : null
  if (depth >= depthLimit) throw new RapportError('nested_too_deep')
  return Array.isArray(value)
    ? cleanArray(value, depth + 1)
    : cleanObject(value as Record<string, unknown>, depth + 1)
}

function cleanNumber(number: number): number {
  if (number > numberLimit) return numberLimit
  if (number < -numberLimit) return -numberLimit
  return Number.isNaN(number) ? 0 : number
}

function cleanArray(array: readonly unknown[], depth: number): Json[] {
  let changed = false
  const copy = array.map((item) => {
    const cleaned = cleanValue(item, depth)
    changed ||= cleaned !== item
    return cleaned
  })
  return changed ? copy : (array as Json[])
}

function cleanObject(object: Record<string, unknown>, depth: number): JsonObject {
  const copy: JsonObject = {}
  let changed = false
  for (const [key, value] of Object.entries(object)) {
    if (reachesPrototype(key, value)) {
      changed = true
      continue
    }
    const cleanKey = cutText(cleanText(key), keyLengthLimit)
    const cleaned = cleanValue(value, depth)
    changed ||= cleanKey !== key || cleaned !== value
    // A key such as "__proto__\u0000" becomes poison only by being cleaned.
    if (cleanKey !== '__proto__') copy[cleanKey] = cleaned
  }
  return changed ? copy : (object as JsonObject)
}

function reachesPrototype(key: string, value: unknown): boolean {
  if (key === '__proto__') return true
  return (
    key === 'constructor' &&
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'prototype')
  )
}
