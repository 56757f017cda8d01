/** The lens as reports ask it: its exporter told which model serves, and its reader. */
import { createExporter } from '../store/exporter/exporter.ts'
import { createLensReader } from '../store/lens-reader.ts'
import type { Exporter } from '../store/exporter/exporter.ts'
import type { LensReader } from '../store/lens-reader.ts'
import type { ModelCache } from '../measure/serving-model.ts'
import type { Parts } from './start-rapport.ts'

export interface LensParts {
  readonly exporter: Exporter
  readonly reader: LensReader
}

export function createLensParts(
  { truth, lens }: Pick<Parts, 'truth' | 'lens'>,
  { models, onError }: { models: ModelCache; onError: (error: unknown) => void },
): LensParts {
  const exporter = createExporter({
    truth,
    lens,
    model: async () => {
      const { version, compiled } = await models.serving(truth.db)
      return { version, rungs: compiled.rungs.map(({ id }) => id) }
    },
    onError,
  })
  return { exporter, reader: createLensReader({ lens, exporter }) }
}
