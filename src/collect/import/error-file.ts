import { open, type FileHandle } from 'node:fs/promises'
import { csvLine } from './formula-safe.ts'

export interface RowError {
  readonly line: number
  readonly reason: string
  readonly raw: string
}

/** Characters of a row that the error file repeats. */
const rawLimit = 4_000
/** A file that is wrong throughout would otherwise be written out again. */
const bytesLimit = 64 * 1024 * 1024

/** The rows of an import that could not be taken, each with its line and the reason. */
export interface ErrorFile {
  /** Resolves once the errors are in the file; answers its length in bytes. */
  append(errors: readonly RowError[]): Promise<number>
  close(): Promise<void>
}

/** @param length Bytes that were valid when the import last reported; what follows is cut off. */
export async function openErrorFile(path: string, length: number): Promise<ErrorFile> {
  let handle: FileHandle | null = null
  let written = length
  const write = async (text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    await handle?.write(bytes, 0, bytes.length, written)
    written += bytes.length
  }
  return {
    async append(errors) {
      if (errors.length === 0 || written > bytesLimit) return written
      if (handle === null) {
        handle = await open(path, length > 0 ? 'r+' : 'w', 0o600)
        await handle.truncate(length)
        if (length === 0) await write(csvLine(['line', 'reason', 'row']))
      }
      await write(errors.map(errorLine).join(''))
      if (written > bytesLimit) await write(csvLine(['', 'More rows have errors.', '']))
      await handle.datasync()
      return written
    },
    async close() {
      await handle?.close()
    },
  }
}

function errorLine({ line, reason, raw }: RowError): string {
  return csvLine([String(line), reason, raw.slice(0, rawLimit).toWellFormed()])
}
