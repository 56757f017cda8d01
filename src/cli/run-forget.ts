/** What `rapport forget` does. */
import { forgetHistory } from '../app/forget-history.ts'
import { openEngine } from '../app/open-engine.ts'
import type { ForgetRequest } from './forget.ts'

export async function runForget({ config, output, months }: ForgetRequest): Promise<void> {
  const { parts, engine, close } = await openEngine(config, output.note)
  try {
    const forgotten = await forgetHistory(parts, engine, months)
    output.say(
      forgotten.months === 0
        ? 'Nothing is that old.'
        : `${forgotten.touchpoints} touchpoints of ${forgotten.months} months were deleted, and everybody was measured anew.`,
      { ...forgotten },
    )
  } finally {
    await close()
  }
}
