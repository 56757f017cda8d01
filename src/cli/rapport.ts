/** The command line. `bin/rapport.mjs` starts it. */
import { CommanderError } from 'commander'
import { RapportError, toProblem } from '../domain/error.ts'
import { createOutput } from './output.ts'
import { createProgram } from './program.ts'
import { runFitModels } from './run-fit-models.ts'
import { runForget } from './run-forget.ts'
import { runImport } from './run-import.ts'
import { runLensArchive, runLensRebuild, runLensStatus } from './run-lens.ts'
import { runReplay } from './run-replay.ts'
import { serve } from './serve.ts'

const program = createProgram({
  start: (request) => serve(request, { demo: false }),
  demo: (request) => serve(request, { demo: true }),
  importFile: runImport,
  replay: runReplay,
  lens: { status: runLensStatus, rebuild: runLensRebuild, archive: runLensArchive },
  forget: runForget,
  fitModels: runFitModels,
})

// Whoever reads may have enough, as `head` does after ten lines: then there is nothing left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode)
  const output = createOutput({ json: process.argv.includes('--json') })
  if (!(error instanceof RapportError)) throw error
  if (output.json) process.stderr.write(`${JSON.stringify({ error: toProblem(error) })}\n`)
  else output.note(error.message)
  process.exitCode = 1
}
