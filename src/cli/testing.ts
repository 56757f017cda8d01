/** For tests of commands: the program in a process of its own, on files of a temporary folder. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = promisify(execFile)
const program = join(import.meta.dirname, 'rapport.ts')

/** Runs `rapport` with these arguments to its end; a failure is an answer like any other. */
export async function rapport(...args: readonly string[]): Promise<Ended> {
  try {
    // 64 MiB: the pairs of two large files are printed one by one.
    const ended = await run(process.execPath, [program, ...args], { maxBuffer: 1 << 26 })
    return { code: 0, ...ended }
  } catch (error) {
    const { code, stdout, stderr } = error as Ended
    return { code, stdout, stderr }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'rapport-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a file and gives its path; it stays until the last test of the caller is over. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
