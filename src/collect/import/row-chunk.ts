import { RapportError } from '../../domain/error.ts'
import type { IncomingTouchpoint, JsonObject } from '../../domain/touchpoint.ts'
import { clean } from '../clean.ts'
import { isRejected, normaliseEvent } from '../normalise-event.ts'
import { eventBytesLimit } from '../scan-json.ts'
import type { MapRow } from './map/compile-mapping.ts'
import type { RowError } from './error-file.ts'
import type { FileRow } from './read/read-rows.ts'

/** What some rows gave, until it is acknowledged. */
export interface Chunk {
  readonly touchpoints: IncomingTouchpoint[]
  readonly errors: RowError[]
  /** Rows that gave no touchpoint, as the mapping wants it. */
  skipped: number
  rows: number
  lastRow: FileRow | null
}

export interface RowCircumstances {
  readonly sourceId: string
  readonly receivedAt: number
}

/** Rows after which an import reports even if they gave nothing. */
const rowsLimit = 20_000

export function emptyChunk(): Chunk {
  return { touchpoints: [], errors: [], skipped: 0, rows: 0, lastRow: null }
}

export function isFull(chunk: Chunk, size: number): boolean {
  return chunk.touchpoints.length >= size || chunk.errors.length >= size || chunk.rows >= rowsLimit
}

export function addRow(chunk: Chunk, row: FileRow, map: MapRow, given: RowCircumstances): void {
  const { line, raw, cells } = row
  const refuse = (reason: string): void => void chunk.errors.push({ line, raw, reason })
  chunk.rows++
  chunk.lastRow = row
  if (cells === null) return refuse(row.problem ?? 'The row cannot be read.')
  const { events, problems } = map(cells, row.row)
  for (const problem of problems) refuse(problem)
  if (events.length === 0 && problems.length === 0) chunk.skipped++
  for (const event of events) {
    const touchpoint = normalise(event, raw, given)
    if (typeof touchpoint === 'string') refuse(touchpoint)
    else chunk.touchpoints.push(touchpoint)
  }
}

/** A sentence where the event is refused. */
function normalise(
  event: JsonObject,
  raw: string,
  given: RowCircumstances,
): IncomingTouchpoint | string {
  try {
    const cleaned = clean(event)
    // A short row cannot become a long event: its mapping and lookups are bounded as well.
    if (raw.length > eventBytesLimit / 8 && JSON.stringify(cleaned).length > eventBytesLimit) {
      return 'The event has more than 32 KB.'
    }
    // Every mapping gives ids of its own, so none is ever made here.
    const result = normaliseEvent(cleaned, { ...given, makeMessageId: () => '' })
    return isRejected(result) ? result.reason : result
  } catch (error) {
    if (error instanceof RapportError) return error.message
    throw error
  }
}
