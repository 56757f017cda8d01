/** What `rapport lens` does. */
import { createProgress } from './progress.ts'
import { lensStatus } from '../store/lens-status.ts'
import { openEngine, type OpenEngine } from '../app/open-engine.ts'
import type { LensArchiveRequest, LensRequest } from './lens.ts'

async function withEngine(
  { config, output }: LensRequest,
  work: (open: OpenEngine) => Promise<void>,
): Promise<void> {
  const open = await openEngine(config, output.note)
  try {
    await work(open)
  } finally {
    await open.close()
  }
}

export function runLensStatus(request: LensRequest): Promise<void> {
  return withEngine(request, async ({ parts, engine }) => {
    const status = await lensStatus(parts.truth, parts.lens, engine.history.exporter)
    request.output.say(
      `The lens (${status.engine}) was given ${status.copied} touchpoints; ${status.behind} are new since. ` +
        'They are copied when somebody looks.',
      { ...status },
    )
  })
}

export function runLensRebuild(request: LensRequest): Promise<void> {
  return withEngine(request, async ({ engine }) => {
    const began = performance.now()
    let bar: ReturnType<typeof createProgress> | null = null
    const { copied } = await engine.history.exporter.rebuild((progress) => {
      bar ??= createProgress({
        label: 'Copying',
        unit: 'touchpoints',
        total: progress.total,
        json: request.output.json,
      })
      bar.update(progress.copied)
    })
    ;(bar as ReturnType<typeof createProgress> | null)?.finish(copied)
    const seconds = Number(((performance.now() - began) / 1000).toFixed(1))
    request.output.say(`The lens holds ${copied} touchpoints, copied in ${seconds} s.`, {
      copied,
      seconds,
    })
  })
}

export function runLensArchive(request: LensArchiveRequest): Promise<void> {
  return withEngine(request, async ({ engine }) => {
    const archived = await engine.history.exporter.archive(request.months, (month) =>
      request.output.note(
        `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')} is put away.`,
      ),
    )
    request.output.say(`${archived} months were put into files.`, { months: archived })
  })
}
