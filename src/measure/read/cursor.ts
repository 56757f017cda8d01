import { RapportError } from '../../domain/error.ts'

type Part = string | number

/** What a part of a sort key may be: anything else would be an error of the store, not of the caller. */
const partKinds = {
  text: (part: Part) => typeof part === 'string' && !part.includes('\u0000'),
  time: (part: Part) => /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(String(part)) && isDate(part),
  uuid: (part: Part) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(part)),
  /** Since 1970. */
  milliseconds: (part: Part) => /^\d{1,15}$/.test(String(part)),
  /** A place in a list; 0 first. */
  place: (part: Part) => /^\d{1,9}$/.test(String(part)),
} as const

export type PartKind = keyof typeof partKinds

const isDate = (part: Part): boolean => !Number.isNaN(Date.parse(String(part)))

/** Keyset cursors: the sort key of the last row, opaque to the caller. */
export function encodeCursor(key: readonly Part[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @throws invalid_cursor where it is not one of ours, or that of another list */
export function decodeCursor(cursor: string, kinds: readonly PartKind[]): Part[] {
  const key = parse(cursor)
  const isOurs =
    Array.isArray(key) &&
    key.length === kinds.length &&
    kinds.every((kind, i) => isPart(key[i]) && partKinds[kind](key[i]))
  if (!isOurs) throw new RapportError('invalid_cursor')
  return key as Part[]
}

const isPart = (part: unknown): part is Part => typeof part === 'string' || typeof part === 'number'

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return null
  }
}
