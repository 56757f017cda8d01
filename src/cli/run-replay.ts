/** What `rapport replay` does: the whole history measured anew, by this or another model. */
import { readFile } from 'node:fs/promises'
import { createProgress, type Progress } from './progress.ts'
import { openEngine } from '../app/open-engine.ts'
import { RapportError } from '../domain/error.ts'
import { retellHistory } from './retell-history.ts'
import { servingModelRow } from '../measure/serving-model.ts'
import type { ApplyProgress } from '../measure/apply-model.ts'
import type { ReplayRequest } from './replay.ts'

const labels: Record<ApplyProgress['step'], { label: string; unit: string }> = {
  copying: { label: 'Copying', unit: 'touchpoints' },
  folding: { label: 'Folding', unit: 'touchpoints' },
  loading: { label: 'Loading', unit: 'touchpoints' },
  settling: { label: 'Settling', unit: 'parties' },
  swapping: { label: 'Swapping', unit: 'touchpoints' },
}

export async function runReplay({ config, output, model }: ReplayRequest): Promise<void> {
  const { parts, engine, close } = await openEngine(config, output.note)
  try {
    const yaml =
      model === null ? (await servingModelRow(parts.truth.db))?.yaml : await readModel(model)
    const startedAt = performance.now()
    let bar: Progress | null = null
    let step = ''
    let last = 0
    const applied = await engine.applyModel(yaml ?? '', 'rapport replay', (progress) => {
      if (progress.step !== step) {
        bar?.finish(last)
        bar = createProgress({ ...labels[progress.step], total: null, json: output.json })
        step = progress.step
      }
      last = progress.done
      bar?.update(last)
    })
    ;(bar as Progress | null)?.finish(last)
    await retellHistory(engine, output)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    output.say(
      `${applied.touchpoints} touchpoints measured anew in ${seconds} s; model version ${applied.version} serves.`,
      { ...applied, seconds: Number(seconds) },
    )
  } finally {
    await close()
  }
}

async function readModel(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new RapportError('invalid_model', `Cannot read ${path}.`, {}, error)
  }
}
