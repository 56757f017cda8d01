/**
 * Writes the demo company to files: `events.ndjson` in the order of time, as Segment clients would
 * have sent it, and `ground-truth.json` with what is true of it.
 *
 *   node scripts/write-demo.ts <folder> [seed] [people] [end, ISO 8601]
 */
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { demoDefaults, simulateDemo } from '../demo/generate.ts'

const [folder = 'data/demo', seed, people, end] = process.argv.slice(2)
const { events, truth } = simulateDemo({
  seed: seed ?? demoDefaults.seed,
  people: people === undefined ? demoDefaults.people : Number(people),
  months: demoDefaults.months,
  now: end === undefined ? Date.now() : Date.parse(end),
})
let count = 0

function* lines(): Generator<string> {
  for (const event of events) {
    count++
    yield `${JSON.stringify(event)}\n`
  }
}

await mkdir(folder, { recursive: true })
await pipeline(Readable.from(lines()), createWriteStream(join(folder, 'events.ndjson')))
await writeFile(join(folder, 'ground-truth.json'), `${JSON.stringify(truth, null, 2)}\n`)
process.stdout.write(`${count} events of ${truth.people.length} people in ${folder}\n`)
