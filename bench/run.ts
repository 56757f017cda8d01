/** `npm run bench -- <row>`: one speed at a time, with what it is held against. `list` names them. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '20' },
    people: { type: 'string' },
    touchpoints: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
})

interface Row {
  readonly about: string
  readonly run: () => Promise<void>
}

const rows: Readonly<Record<string, Row>> = {
  ingest: {
    about: 'touchpoints a second over HTTP to durable and measured; bare PostgreSQL beside it',
    run: async () => {
      const { ingest } = await import('./ingest.ts')
      await ingest({
        seconds: Number(values.seconds),
        connections: Number(values.connections),
        people: Number(values.people ?? 100_000),
        rounds: values.rounds.split(',').filter(Boolean),
        profileInto: values.profile,
      })
    },
  },
  measure: {
    about: 'a whole history folded into states by a model, in the embedded lens',
    run: async () => (await import('./measure.ts')).measure(Number(values.touchpoints)),
  },
  lens: {
    about: 'each report over a history of any size, and the disk that it takes',
    run: async () =>
      (await import('./lens.ts')).lens(Number(values.touchpoints), positionals.slice(1)),
  },
  export: {
    about:
      'history from PostgreSQL to the lens: touchpoints a second, and how soon it has what came',
    run: async () => (await import('./export.ts')).exportLens(Number(values.touchpoints)),
  },
  idle: {
    about: 'memory and processor time at rest, with the demo loaded',
    run: async () => (await import('./idle.ts')).idle(),
  },
  attribution: script(
    'attribution.ts',
    'credit of a million paths by all methods, beside what others need',
  ),
  segment: {
    about:
      'segments of a million people: preview, build, and what membership costs each touchpoint',
    run: async () => {
      const { segment } = await import('./segment.ts')
      await segment(Number(values.people ?? 1_000_000), Number(values.seconds))
    },
  },
  people: {
    about: 'the People list, a person and the home page with a million parties, over the API',
    run: async () => (await import('./people.ts')).people(Number(values.people ?? 1_000_000)),
  },
  predict: script(
    'predict.ts',
    'models fitted and asked: a million rows, beside what others need; then [rows] [subjects]',
  ),
  sentiment: script('sentiment.ts', 'texts a second, and the slowest hostile text'),
  kill: script('kill.ts', 'sudden death under load: what is lost, and how soon it is back'),
  import: script('import.ts', 'rows of CSV a second, and the memory that it takes'),
  'array-literal': script('array-literal.ts', 'our array literals and those of the driver'),
}

/** A row that is a program of its own; it gets what was said after its name. */
function script(file: string, about: string): Row {
  const run = async (): Promise<void> => {
    const path = join(import.meta.dirname, file)
    spawnSync(process.execPath, [path, ...positionals.slice(1)], { stdio: 'inherit' })
  }
  return { about, run }
}

const [name = 'list'] = positionals
const row = rows[name]
if (row) await row.run()
else {
  console.log('npm run bench -- <row> [--seconds 20] [--connections 20] [--people 100000]')
  console.log(
    '                       [--touchpoints 1000000] [--rounds known,new] [--profile <folder>]\n',
  )
  for (const [key, { about }] of Object.entries(rows)) console.log(`  ${key.padEnd(14)} ${about}`)
  if (name !== 'list') process.exitCode = 1
}
