import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { RapportError } from '../../domain/error.ts'

/** SHA-256 of the bytes of a file, and their number. */
export async function fileIdentity(path: string): Promise<{ hash: string; bytes: number }> {
  try {
    const { size, isFile } = await stat(path).then((found) => ({
      ...found,
      isFile: found.isFile(),
    }))
    if (!isFile) throw new RapportError('invalid_csv', 'This is not a file.')
    const sum = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), sum)
    return { hash: sum.digest('hex'), bytes: size }
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code !== 'ENOENT' && code !== 'EACCES') throw error
    throw new RapportError('invalid_csv', `The file cannot be opened (${code}).`, {}, error)
  }
}

/** UUID (version 8) of a job: the same file with the same mapping is the same import. */
export function jobIdOf(fileHash: string, mapping: string): string {
  const hex = hash('sha256', `import\u0000${fileHash}\u0000${mapping}`, 'hex')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
