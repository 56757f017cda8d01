import { RapportError } from '../../domain/error.ts'

/** Keyset cursors: the sort key of the last row, opaque to the caller. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @throws invalid_cursor where it is not one of ours, or of another length */
export function decodeCursor(cursor: string, length: number): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isPart = (part: unknown): boolean => typeof part === 'string' || typeof part === 'number'
    if (Array.isArray(key) && key.length === length && key.every(isPart)) return key as string[]
  } catch {
    // falls through to the one error
  }
  throw new RapportError('invalid_cursor')
}
