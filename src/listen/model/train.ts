/** Texts with ratings -> the weights of the model. Deterministic. */
import { describeEmojis, tokenise } from '../tokenise.ts'
import { baseFeature, bucketCount, createBuckets, lexicalCount } from './features.ts'
import { lexicalFeatures, pieceNorm, readBuckets, wordNorm } from './features.ts'
import { fitRidge, product, type Block, type HashedRows } from './ridge.ts'
import { outputCount, type ExactWeights } from './model.ts'

export interface RatedText {
  readonly text: string
  /** Mean rating of people, -1..1. */
  readonly rating: number
  /** How much its rating counts: about one over the variance that no model explains. */
  readonly weight: number
  /** It is a casual post: what is learned from those is kept apart. */
  readonly casual: boolean
}

/** Rows for the trainer, and the bucket of each of their columns. */
export interface HashedTexts {
  readonly rows: HashedRows
  readonly bucketOfColumn: Int32Array
}

/** Chosen among about fifty by cross-validation on the rated texts, never on service messages. */
export const settings = {
  rating: { lambda: 0.4, gatedShare: 3, tolerance: 1e-6 },
  gate: { lambda: 0.3, tolerance: 1e-2, from: 0.16, to: 0.45 },
}

/** Buckets that a single text has are left out: they can say nothing of another. */
const leastTexts = 2

export function hashTexts(texts: readonly RatedText[]): HashedTexts {
  const buckets = createBuckets()
  const words: Int32Array[] = []
  const pieces: Int32Array[] = []
  const lexical = new Float64Array(texts.length * lexicalCount)
  for (const [row, { text }] of texts.entries()) {
    const described = describeEmojis(text)
    const tokens = tokenise(described)
    readBuckets(described, tokens, buckets)
    const last = tokens.length - 1
    words.push(buckets.words.slice(0, buckets.wordEnds[last] ?? 0))
    pieces.push(buckets.pieces.slice(0, buckets.pieceEnds[last] ?? 0))
    lexical.set(lexicalFeatures(described, tokens).features, row * lexicalCount)
  }
  const bucketOfColumn = frequentFirst([words, pieces])
  const columnOf = new Int32Array(bucketCount).fill(-1)
  for (const [column, bucket] of bucketOfColumn.entries()) columnOf[bucket] = column
  const blocks = [endToEnd(words, columnOf, wordNorm), endToEnd(pieces, columnOf, pieceNorm)]
  const rows = { count: texts.length, columnCount: bucketOfColumn.length, blocks, lexical }
  return { rows, bucketOfColumn }
}

function frequentFirst(blocks: readonly (readonly Int32Array[])[]): Int32Array {
  const seen = new Int32Array(bucketCount).fill(-1)
  const texts = new Int32Array(bucketCount)
  for (const parts of blocks) {
    seen.fill(-1)
    for (const [row, part] of parts.entries()) {
      for (const bucket of part) {
        if (seen[bucket] === row) continue
        seen[bucket] = row
        texts[bucket] = (texts[bucket] ?? 0) + 1
      }
    }
  }
  const kept = Int32Array.from(texts.keys()).filter((bucket) => (texts[bucket] ?? 0) >= leastTexts)
  return kept.sort((a, b) => (texts[b] ?? 0) - (texts[a] ?? 0) || a - b)
}

function endToEnd(
  parts: readonly Int32Array[],
  columnOf: Int32Array,
  normOf: (count: number) => number,
): Block {
  const starts = new Int32Array(parts.length + 1)
  const kept = parts.map((part) =>
    part.map((bucket) => columnOf[bucket] ?? -1).filter((c) => c >= 0),
  )
  for (const [row, part] of kept.entries()) starts[row + 1] = (starts[row] ?? 0) + part.length
  const columns = new Int32Array(starts.at(-1) ?? 0)
  for (const [row, part] of kept.entries()) columns.set(part, starts[row])
  const norms = Float64Array.from(parts, ({ length }) => normOf(length))
  return { columns, starts, norms }
}

/** Trains on the texts for which `isIn` says so. */
export function train(
  texts: readonly RatedText[],
  hashed: HashedTexts,
  isIn: (row: number) => boolean,
): ExactWeights {
  const { rows, bucketOfColumn } = hashed
  const inside = Float64Array.from(texts, (_, row) => (isIn(row) ? 1 : 0))
  const casual = Float64Array.from(texts, (text) => (text.casual ? 1 : 0))
  const gate = fitGate(rows, casual, inside)
  const rating = fitRidge({
    ...{ rows, ...settings.rating, gates: unseenGates(rows, casual, inside) },
    targets: Float64Array.from(texts, (text) => text.rating),
    rowWeights: inside.map((one, row) => one * (texts[row]?.weight ?? 0)),
  })
  const buckets = new Float64Array(outputCount * bucketCount)
  const lexical = new Float64Array(outputCount * lexicalCount)
  for (const [output, weights] of [rating.plain, rating.gated, gate].entries()) {
    for (const [column, bucket] of bucketOfColumn.entries()) {
      buckets[outputCount * bucket + output] = weights[column] ?? 0
    }
    for (let i = 0; i < lexicalCount; i++) {
      lexical[outputCount * i + output] = weights[bucketOfColumn.length + i] ?? 0
    }
  }
  return { buckets, lexical }
}

/**
 * How casual a text is: 0 up to `from`, 1 from `to` on, for a regression on 0 and 1 rarely comes near
 * either. The stretch is part of the weights.
 */
function fitGate(rows: HashedRows, casual: Float64Array, inside: Float64Array): Float64Array {
  const { lambda, tolerance, from, to } = settings.gate
  const gates = new Float64Array(rows.count)
  const { plain } = fitRidge({
    rows,
    targets: casual,
    rowWeights: inside,
    gates,
    lambda,
    tolerance,
    gatedShare: 1,
  })
  const weights = plain.map((weight) => weight / (to - from))
  const base = rows.columnCount + baseFeature
  weights[base] = (weights[base] ?? 0) - from / (to - from)
  return weights
}

const parts = 4
/** So many neighbours stay together, for texts that follow each other are of one document. */
const neighbours = 50

/** The gate of each text as one says that has not seen the text, as it will be with new ones. */
function unseenGates(rows: HashedRows, casual: Float64Array, inside: Float64Array): Float64Array {
  const partOf = (row: number): number => Math.floor(row / neighbours) % parts
  const gates = new Float64Array(rows.count)
  for (let part = 0; part < parts; part++) {
    const others = inside.map((one, row) => (partOf(row) === part ? 0 : one))
    const weights = fitGate(rows, casual, others)
    for (let row = 0; row < rows.count; row++) {
      if (partOf(row) !== part) continue
      gates[row] = Math.min(1, Math.max(0, product(rows, row, weights)))
    }
  }
  return gates
}
