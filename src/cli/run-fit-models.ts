/** What `rapport fit-models` does. */
import { modelViews } from '../predict/model-views.ts'
import { openEngine } from '../app/open-engine.ts'
import type { FitModelsRequest } from './fit-models.ts'

export async function runFitModels({ config, output, ids }: FitModelsRequest): Promise<void> {
  const open = await openEngine(config, output.note)
  try {
    const { engine, parts } = open
    const began = performance.now()
    await (ids.length > 0 ? engine.predictions.fit(ids) : engine.predictions.fit())
    const { base } = (await engine.models.serving(parts.truth.db)).compiled.declared.currency
    const views = await modelViews(parts.truth.db, base)
    for (const view of views) {
      if (ids.length > 0 && !ids.includes(view.id)) continue
      const how =
        view.state === 'serving' ? `serves; ${view.scored} people have a score` : view.state
      output.say(`${view.name}: ${how}. ${view.reason ?? ''}`.trim(), { ...view })
    }
    output.note(`Done in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
  } finally {
    await open.close()
  }
}
