/** Copies the truth to a lens again and again until it is killed: `<database> <folder> <model> [once]`. */
import { createExporter } from '../../src/store/exporter/exporter.ts'
import { openLens } from '../../src/store/lens.ts'
import { openTruth } from '../../src/store/truth.ts'

const [databaseUrl = '', dataFolder = '', version = '', mode = 'forever'] = process.argv.slice(2)
const truth = await openTruth({ databaseUrl, dataFolder })
const lens = openLens({ dataFolder })
const exporter = createExporter({
  truth,
  lens,
  model: async () => ({ version: Number(version), rungs: ['any'] }),
  onError: (error) => {
    throw error
  },
  rowsABatch: 10,
  now: Date.now,
  archiveFolder: null,
  archiveAfterMonths: null,
})
for (let goes = 0; mode === 'forever' || goes === 0; goes++) {
  await exporter.catchUp()
  process.stdout.write('.')
}
await exporter.stop()
await lens.close()
await truth.close()
