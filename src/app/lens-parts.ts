/** The lens as reports ask it: its exporter told which model serves, and its reader. */
import { join, resolve } from 'node:path'
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

interface LensDependencies {
  readonly models: ModelCache
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

export function createLensParts(
  { config, truth, lens }: Pick<Parts, 'config' | 'truth' | 'lens'>,
  { models, now, onError }: LensDependencies,
): LensParts {
  const exporter = createExporter({
    truth,
    lens,
    model: async () => {
      const { version, compiled } = await models.serving(truth.db)
      return { version, rungs: compiled.rungs.map(({ id }) => id) }
    },
    onError,
    now,
    archiveFolder: lens.isRemote ? null : resolve(join(config.dataFolder, 'archive')),
    archiveAfterMonths: lens.isRemote ? null : config.archiveAfterMonths,
  })
  return { exporter, reader: createLensReader({ lens, exporter }) }
}
