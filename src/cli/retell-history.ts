import { createProgress, type Progress } from './progress.ts'
import type { Engine } from '../app/engine.ts'
import type { Output } from './output.ts'

/** Rewrites the history of everybody whose touchpoints came late, with a progress bar. */
export async function retellHistory(engine: Engine, output: Output): Promise<void> {
  let bar: Progress | null = null
  const done = await engine.clockwork.finishHistory((rewritten, total) => {
    bar ??= createProgress({ label: 'Retelling', total, unit: 'histories', json: output.json })
    bar.update(rewritten)
  })
  ;(bar as Progress | null)?.finish(done)
}
