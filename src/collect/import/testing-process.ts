/** A process of its own that imports a file, to be killed by a test: database, file. */
import { setTimeout as wait } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { openTruth } from '../../store/truth.ts'
import { acceptInto } from '../testing.ts'
import { importFile } from './import-file.ts'
import { ordersMapping } from './testing.ts'

const [, , databaseUrl = '', path = ''] = process.argv
const truth = await openTruth({ databaseUrl, dataFolder: tmpdir() })
const accept = acceptInto(truth.db)
await importFile({
  path,
  mapping: ordersMapping(),
  db: truth.db,
  now: () => Date.parse('2026-11-23T12:00:00.000Z'),
  chunkSize: 50,
  accept: async (batch) => {
    const outcome = await accept(batch)
    // Time for the blow to fall between the acknowledgement and the checkpoint.
    await wait(2)
    return outcome
  },
  onProgress: ({ rows }) => process.stdout.write(`${rows}\n`),
})
await truth.close()
