import { loadDemo } from '../app/load-demo.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Engine } from '../app/engine.ts'
import type { Kysely } from 'kysely'
import type { Output } from './output.ts'

const labels = { generating: 'Simulating', loading: 'Loading', history: 'Retelling' } as const
const units = { generating: 'events', loading: 'touchpoints', history: 'histories' } as const

/** Loads the demo company with a progress bar a step. */
export async function fillDemo(db: Kysely<unknown>, engine: Engine, output: Output): Promise<void> {
  let bar: Progress | null = null
  let current = ''
  let last = 0
  const taken = await loadDemo(db, engine, ({ step, done, total }) => {
    if (step !== current) {
      bar?.finish(last)
      bar = createProgress({ label: labels[step], total, unit: units[step], json: output.json })
      current = step
    }
    last = done
    bar?.update(done)
  })
  ;(bar as Progress | null)?.finish(last)
  // In the background: the pages are there meanwhile.
  if (taken !== null) void engine.predictions.fit()
  else output.note('The demo company is here already. Delete its folder to begin anew.')
}
