/** What `rapport import` does. */
import { open, readFile } from 'node:fs/promises'
import { checkFile } from '../collect/import/check-file.ts'
import { createProgress } from './progress.ts'
import { importFile } from '../collect/import/import-file.ts'
import { openEngine } from '../app/open-engine.ts'
import { parseMapping } from '../collect/import/parse-mapping.ts'
import { previewBytes, previewFile } from '../collect/import/preview/preview-file.ts'
import { RapportError } from '../domain/error.ts'
import { retellHistory } from './retell-history.ts'
import type { ImportRequest } from './import.ts'
import type { Mapping } from '../collect/import/mapping-schema.ts'

export async function runImport(request: ImportRequest): Promise<void> {
  const { config, output, file, dryRun } = request
  const stated = await mappingOf(request)
  const mapping = request.source === null ? stated : { ...stated, source: request.source }
  const bar = createProgress({
    label: dryRun ? 'Checking' : 'Importing',
    total: null,
    unit: 'rows',
    json: output.json,
  })
  if (dryRun) {
    const result = await checkFile({
      path: file,
      mapping,
      now: Date.now,
      onProgress: ({ rows }) => bar.update(rows),
    })
    bar.finish(result.rows)
    const { rows, touchpoints, rejected, skipped, errors } = result
    const faults = errors.map(({ line, reason }) => `  line ${line}: ${reason}`)
    output.say(
      [
        `${rows} rows would give ${touchpoints} touchpoints; ${rejected} faulty, ${skipped} skipped.`,
        ...faults,
      ].join('\n'),
      { rows, touchpoints, rejected, skipped, errors },
    )
    return
  }
  const { parts, engine, close } = await openEngine(config, output.note)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  try {
    const job = await importFile({
      path: file,
      mapping,
      accept: engine.intake.accept,
      db: parts.truth.db,
      now: Date.now,
      signal: stop.signal,
      onProgress: ({ rows }) => bar.update(rows),
    })
    bar.finish(job.rows)
    if (job.state === 'done') await retellHistory(engine, output)
    const { rows, accepted, duplicate, rejected, skipped, state } = job
    const words = [
      `${rows} rows: ${accepted} touchpoints taken, ${duplicate} known already, ${rejected} refused, ${skipped} rows skipped.`,
    ]
    if (state === 'paused') words.push('Stopped; the same command goes on from here.')
    if (rejected > 0)
      words.push('The refused rows stand in the error file beside it, each with its reason.')
    output.say(words.join('\n'), { state, rows, accepted, duplicate, rejected, skipped })
  } finally {
    await close()
  }
}

async function mappingOf({ mapping, file, output }: ImportRequest): Promise<Mapping> {
  if (mapping !== null) return parseMapping(await readText(mapping))
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(previewBytes), 0, previewBytes, 0)
    const suggested = previewFile(buffer.subarray(0, bytesRead), {
      fileName: file,
      now: Date.now(),
    })
    output.note(`No --mapping was given; this one is suggested:\n\n${suggested.mapping}`)
    return parseMapping(suggested.mapping)
  } finally {
    await handle.close()
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new RapportError('invalid_mapping', `Cannot read ${path}.`, {}, error)
  }
}
