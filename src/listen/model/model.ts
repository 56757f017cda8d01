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
  const { header, body } = unpack(file)
  const buckets = new Int16Array(outputCount * bucketCount)
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    for (let output = 0; output < outputCount; output++) {
      const root = body.readInt8(output * bucketCount + bucket)
      buckets[outputCount * bucket + output] = root * Math.abs(root)
    }
  }
  return { buckets, scales: header.scales, lexical: Float64Array.from(header.lexical) }
}

interface Header {
  readonly format: number
  readonly scales: readonly number[]
  readonly lexical: readonly number[]
}

function unpack(file: Buffer): { readonly header: Header; readonly body: Buffer } {
  const damaged =
    'The file of the sentiment model is damaged or of another version. Install Rapport again.'
  let unpacked: { header: Header; body: Buffer }
  try {
    const bytes = gunzipSync(file)
    const end = bytes.indexOf(0x0a)
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as Header
    unpacked = { header, body: bytes.subarray(end + 1) }
  } catch (error) {
    throw new RapportError('startup_failed', damaged, {}, error)
  }
  const { header, body } = unpacked
  const fits =
    header.format === format &&
    header.scales.length === outputCount &&
    header.lexical.length === outputCount * lexicalCount &&
    body.length === outputCount * bucketCount
  if (!fits) throw new RapportError('startup_failed', damaged)
  return unpacked
}
