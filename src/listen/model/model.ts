/** The weights of the trained model in memory, and as the bytes of its file. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { RapportError } from '../../domain/error.ts'
import { bucketCount, lexicalCount } from './features.ts'

/**
 * Three linear functions of the same features: the sentiment of a written text (plain), that of a
 * casual post (casual), and how much the text is such a post (gate).
 */
const outputs = ['plain', 'casual', 'gate'] as const
export const outputCount = outputs.length

export interface SentimentModel {
  /** Of bucket b: `outputCount * b + output`, whole numbers, times `scales[output]`. */
  readonly buckets: Int16Array
  readonly scales: readonly number[]
  /** Of figure f: `outputCount * f + output`. */
  readonly lexical: Float64Array
}

/** Weights before rounding, laid out as those of the model. */
export interface ExactWeights {
  readonly buckets: Float64Array
  readonly lexical: Float64Array
}

const format = 1
/** A weight is kept as the root of its size in 127 steps: small ones exactly, large ones roughly. */
const steps = 127

export function encodeModel({ buckets, lexical }: ExactWeights): Buffer {
  const largest = outputs.map(() => 0)
  for (const [j, weight] of buckets.entries()) {
    const output = j % outputCount
    largest[output] = Math.max(largest[output] ?? 0, Math.abs(weight))
  }
  const header = { format, scales: largest.map((size) => size / steps ** 2), lexical: [...lexical] }
  const body = new Int8Array(buckets.length)
  // One output after the other compresses better than side by side.
  for (const [j, weight] of buckets.entries()) {
    const output = j % outputCount
    const size = largest[output] ?? 0
    const root = size === 0 ? 0 : Math.round(Math.sqrt(Math.abs(weight) / size) * steps)
    body[output * bucketCount + Math.floor(j / outputCount)] = Math.sign(weight) * root
  }
  return gzipSync(
    Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), new Uint8Array(body.buffer)]),
    { level: 9 },
  )
}

/** @throws RapportError startup_failed where the bytes are not a model of this version. */
export function decodeModel(file: Buffer): SentimentModel {
  const bytes = gunzipSync(file)
  const end = bytes.indexOf(0x0a)
  const header = JSON.parse(bytes.toString('utf8', 0, end)) as {
    format: number
    scales: number[]
    lexical: number[]
  }
  const fits =
    header.format === format &&
    header.scales.length === outputCount &&
    header.lexical.length === outputCount * lexicalCount &&
    bytes.length === end + 1 + outputCount * bucketCount
  if (!fits) {
    throw new RapportError(
      'startup_failed',
      'The file of the sentiment model is damaged or of another version. Install Rapport again.',
    )
  }
  const buckets = new Int16Array(outputCount * bucketCount)
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (let output = 0; output < outputCount; output++) {
      const root = bytes.readInt8(end + 1 + output * bucketCount + bucket)
      buckets[outputCount * bucket + output] = root * Math.abs(root)
    }
  }
  return { buckets, scales: header.scales, lexical: Float64Array.from(header.lexical) }
}
