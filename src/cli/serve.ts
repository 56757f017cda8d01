/** What `start` and `demo` have in common: run until told to stop, and say how to get in. */
import { listSources } from '../collect/sources.ts'
import { compose } from '../app/compose.ts'
import { firstSourceId } from '../app/room-routes.ts'
import { stopOnSignals } from '../app/shutdown.ts'
import { spareProcessors } from '../app/spare-processors.ts'
import { startRapport } from '../app/start-rapport.ts'
import { buildWebIfStale } from './build-web.ts'
import { fillDemo } from './fill-demo.ts'
import type { Request } from './common-options.ts'

export async function serve(
  { config, output }: Request,
  { demo }: { demo: boolean },
): Promise<void> {
  spareProcessors()
  // Touchpoints are worth more than pages: without the app the server says so and works.
  await buildWebIfStale(output.note).catch((error: unknown) => output.note(String(error)))
  let writeKey: string | null = null
  // Filling the demo takes a while; who stops it then must not leave a database server behind.
  let close: () => Promise<unknown> = () => Promise.resolve()
  stopOnSignals(() => close(), output.note)
  const running = await startRapport({
    config,
    demo,
    report: output.note,
    // The standard output is for what the command says.
    logTo: process.stderr,
    compose: async (parts) => {
      close = () => Promise.all([parts.truth.close(), parts.lens.close()])
      const composed = await compose(parts, { onError: (error) => output.note(String(error)) })
      if (demo) await fillDemo(parts.truth.db, composed.engine, output)
      const sources = await listSources(parts.truth.db)
      writeKey = sources.find(({ id }) => id === firstSourceId)?.writeKey ?? null
      return composed
    },
  })
  close = running.close
  const { url, welcomeLink, apiKey } = running
  const lines = [
    `Rapport is running at ${url}`,
    `Write key, for sending touchpoints: ${writeKey}`,
    ...(apiKey === null ? [] : [`API key, shown this once: ${apiKey}`]),
    ...(welcomeLink === null
      ? []
      : [`${demo ? 'Look around' : 'Make your account'}: ${welcomeLink}`]),
    'Stop it with Ctrl+C.',
  ]
  output.say(lines.join('\n'), { running: url, welcomeLink, writeKey, apiKey })
}
