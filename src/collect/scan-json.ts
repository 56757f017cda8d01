/**
 * One look over the raw bytes of a JSON document before it is parsed, at about one nanosecond a
 * byte. It finds what must not reach the parser or the store (nesting beyond the limit, events
 * beyond their size) and says whether the parsed value needs the slow walk of `clean` at all:
 * NUL and lone surrogates, for example, can only come in as a `\u` escape.
 *
 * Inside a batch, an event that is too deep or too large is cut out (see `decodeBody`), so
 * that it alone is refused and not the whole batch.
 */
import { RapportError } from '../domain/error.ts'

/** Levels of arrays and objects; PostgreSQL and every reader of ours stay far from their stacks. */
export const depthLimit = 64
/** Bytes of one event, as the Segment HTTP API documents it. */
export const eventBytesLimit = 32 * 1024
/** Longer keys are cut: a key may become part of an index, which takes 2,704 bytes at most. */
export const keyLengthLimit = 200

export interface CutEvent {
  readonly code: 'nested_too_deep' | 'event_too_large'
  /** Byte range in the document, the end exclusive. */
  readonly start: number
  readonly end: number
}

export interface JsonScan {
  /** False where nothing in the document can need cleaning. */
  readonly needsCleaning: boolean
  readonly cut: readonly CutEvent[]
}

const quote = 0x22
const backslash = 0x5c
/** Without a quote or bracket for so long, a number may have more digits than fit. */
const digitsLimit = 300

interface ScanState {
  depth: number
  needsCleaning: boolean
  /** Depth at which the events of the batch stand; 0 outside the batch. */
  eventDepth: number
  start: number
  tooDeep: boolean
  cut: CutEvent[]
}

/** @throws RapportError nested_too_deep where it is not one event of a batch alone. */
export function scanJson(bytes: Uint8Array, isBatch: boolean): JsonScan {
  const state: ScanState = {
    depth: 0,
    needsCleaning: false,
    eventDepth: 0,
    start: 0,
    tooDeep: false,
    cut: [],
  }
  const length = bytes.length
  let seen = 0
  let text = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number
    if (byte === quote) {
      if (at - seen > digitsLimit) state.needsCleaning = true
      text = at + 1
      at = endOfString(bytes, text, state)
      seen = at
    } else if (byte === 0x7b || byte === 0x5b) {
      if (at - seen > digitsLimit) state.needsCleaning = true
      seen = at
      open(state, at, isBatch && byte === 0x5b && startsBatch(bytes, state.depth, text))
    } else if (byte === 0x7d || byte === 0x5d) {
      if (at - seen > digitsLimit) state.needsCleaning = true
      seen = at
      close(state, at)
    } else if ((byte === 0x65 || byte === 0x45) && isDigit(bytes[at - 1])) {
      // An exponent: the number may be beyond what a double holds.
      state.needsCleaning = true
    }
  }
  if (length - seen > digitsLimit) state.needsCleaning = true
  if (state.depth > depthLimit) throw tooDeep()
  return state
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function endOfString(bytes: Uint8Array, start: number, state: ScanState): number {
  let at = start
  for (; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) break
    if (byte === backslash) {
      at++
      if (bytes[at] === 0x75) state.needsCleaning = true
    }
  }
  if (at - start > keyLengthLimit) state.needsCleaning = true
  return at
}

/** The array is the whole document, or the value of the key `batch` on the first level. */
function startsBatch(bytes: Uint8Array, depth: number, text: number): boolean {
  if (depth === 0) return true
  return (
    depth === 1 &&
    bytes[text] === 0x62 &&
    bytes[text + 1] === 0x61 &&
    bytes[text + 2] === 0x74 &&
    bytes[text + 3] === 0x63 &&
    bytes[text + 4] === 0x68 &&
    bytes[text + 5] === quote
  )
}

function open(state: ScanState, at: number, startsBatch: boolean): void {
  state.depth++
  if (startsBatch) {
    // A repeated key wins over the earlier one, as in JSON.parse.
    state.eventDepth = state.depth + 1
  } else if (state.depth === state.eventDepth) {
    state.start = at
    state.tooDeep = false
  } else if (state.depth > depthLimit) {
    if (state.eventDepth === 0) throw tooDeep()
    state.tooDeep = true
  }
}

function close(state: ScanState, at: number): void {
  if (state.depth === state.eventDepth) {
    const { start } = state
    const end = at + 1
    if (state.tooDeep) state.cut.push({ code: 'nested_too_deep', start, end })
    else if (end - start > eventBytesLimit) {
      state.cut.push({ code: 'event_too_large', start, end })
    }
  } else if (state.depth === state.eventDepth - 1) {
    state.eventDepth = 0
  }
  state.depth--
}

function tooDeep(): RapportError {
  return new RapportError('nested_too_deep')
}
