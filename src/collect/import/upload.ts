/** A multipart upload, streamed to the disk: nothing of it is held in memory. */
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { RapportError } from '../../domain/error.ts'

export interface Upload {
  /** Holds the file and its lookups, and nothing else. */
  readonly folder: string
  readonly path: string
  /** YAML. */
  readonly mapping: string
}

export interface UploadOptions {
  /** A folder of its own, made here. */
  readonly folder: string
  readonly bytesLimit: number
  /** Throws where the disk is too full for more. */
  readonly mayWrite: () => void
}

const mappingBytes = 200_000
const filesLimit = 12

/**
 * Stores `file`, any files `lookup`, and reads `mapping` (a field or a file).
 *
 * @throws RapportError invalid_request, file_too_large or disk_full; then nothing is left on the disk.
 */
export async function receiveUpload(
  request: FastifyRequest,
  options: UploadOptions,
): Promise<Upload> {
  const { folder, bytesLimit } = options
  if (!request.isMultipart()) {
    throw new RapportError('invalid_request', 'Send a form (multipart/form-data).')
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    let path: string | null = null
    let mapping: string | null = null
    const limits = { fileSize: bytesLimit, files: filesLimit, fields: 10, fieldSize: mappingBytes }
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        if (part.fieldname === 'mapping') mapping = String(part.value)
        continue
      }
      const stored = await store(part, options)
      if (part.fieldname === 'file') path = stored
      else if (part.fieldname === 'mapping') {
        mapping = (await readFile(stored, 'utf8')).slice(0, 2 * mappingBytes)
        await rm(stored)
      } else if (part.fieldname !== 'lookup') {
        throw new RapportError('invalid_request', `There is no part "${part.fieldname}".`)
      }
    }
    if (path === null) throw new RapportError('invalid_request', 'The part "file" is missing.')
    if (mapping === null)
      throw new RapportError('invalid_request', 'The part "mapping" is missing.')
    return { folder, path, mapping }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function store(part: MultipartFile, { folder, mayWrite }: UploadOptions): Promise<string> {
  const path = join(folder, safeFileName(part.filename))
  const guard = new Transform({
    transform(chunk, _encoding, callback) {
      try {
        mayWrite()
        callback(null, chunk)
      } catch (error) {
        callback(error as Error)
      }
    },
  })
  try {
    await pipeline(part.file, guard, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    throw new RapportError('invalid_request', 'Two files have the same name.')
  }
  if (part.file.truncated) throw new RapportError('file_too_large')
  return path
}

/** A plain name, which can neither leave its folder nor hide in it. */
export function safeFileName(name: string): string {
  const plain = name
    .replace(/^.*[/\\]/s, '')
    .replaceAll(/[^\p{L}\p{M}\p{N} ._()-]/gu, '_')
    .replace(/^[. ]+/, '')
    .trim()
  // 255 bytes is what file systems take; a character has four at most.
  return (plain || 'file').slice(-60)
}

/** The first bytes of the file of an upload; the rest is read and thrown away. */
export async function receiveBeginning(
  request: FastifyRequest,
  bytes: number,
): Promise<{ name: string; bytes: Buffer }> {
  if (!request.isMultipart()) throw new RapportError('invalid_request', 'There is no file.')
  for await (const part of request.files({ limits: { fileSize: bytes, files: 1 } })) {
    const chunks: Buffer[] = []
    for await (const chunk of part.file) chunks.push(chunk as Buffer)
    return { name: safeFileName(part.filename), bytes: Buffer.concat(chunks) }
  }
  throw new RapportError('invalid_request', 'The part "file" is missing.')
}
