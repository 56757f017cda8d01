/** Says why a query is not run, and where the reason stands. */
import { RapportError } from '../../domain/error.ts'

/** @param at  place in the query, in characters from 0; null where none can be named */
export function refuseQuery(query: string, at: number | null, detail: string): never {
  throw queryError(query, at, detail)
}

export function queryError(query: string, at: number | null, detail: string): RapportError {
  if (at === null) return new RapportError('invalid_query', detail)
  const before = query.slice(0, at).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  return new RapportError('invalid_query', `Line ${line}, column ${column}: ${detail}`, {
    line,
    column,
  })
}
