/**
 * What happens without being asked: standings that time alone changes, at their computed moment, and
 * exact history for parties whose touchpoints came late. At rest it is one sleeping timer.
 */
import { lockIdentity } from './identity-lock.ts'
import { nextWake } from '../measure/relationship-queries.ts'
import { historyDueCount, rewriteSomeHistory } from '../measure/rewrite-history.ts'
import { settleDue } from '../measure/timer.ts'
import { withRetries } from './retry.ts'
import type { Measured } from '../measure/step.ts'
import type { PipelineParts } from './pipeline.ts'

export interface ClockworkOptions extends Pick<PipelineParts, 'db' | 'models' | 'now'> {
  readonly onMeasured: (measured: Measured, accepted: number) => void
  readonly onError: (error: unknown) => void
}

export interface Clockwork {
  start(): Promise<void>
  /** Something was written whose time comes at `at` (milliseconds). */
  wakeBy(at: number): void
  /** Late touchpoints came: look after history soon. */
  historyIsDue(): void
  /** Rewrites all history that is due, now. Gives how many parties. */
  finishHistory(onProgress?: (done: number, total: number) => void): Promise<number>
  stop(): Promise<void>
}

/** Timers of Node hold 24 days at most; an hour is as good, and survives a clock that is set. */
const longestSleep = 3_600_000
/** Imports bring late touchpoints in bursts: history waits until they calm down. */
const historyDelay = 1_500

export function createClockwork(options: ClockworkOptions): Clockwork {
  const { db, models, now } = options
  let alarm: NodeJS.Timeout | null = null
  let alarmAt = Infinity
  let historyTimer: NodeJS.Timeout | null = null
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()

  /** One after the other; an error is reported and does not stop the clock. */
  const run = (work: () => Promise<unknown>): Promise<unknown> => {
    running = running.then(() => (stopped ? undefined : work())).catch(options.onError)
    return running
  }

  const sleepUntil = (at: number): void => {
    if (stopped || at >= alarmAt) return
    if (alarm) clearTimeout(alarm)
    alarmAt = at
    alarm = setTimeout(ring, Math.min(longestSleep, Math.max(0, at - now())))
    alarm.unref()
  }

  const ring = (): void => {
    alarm = null
    alarmAt = Infinity
    void run(async () => {
      while (!stopped && (await settleSome())) continue
      const { version } = await models.serving(db)
      sleepUntil((await nextWake(db, version)) ?? now() + longestSleep)
    })
  }

  const settleSome = async (): Promise<boolean> => {
    const measured = await withRetries(() =>
      db.transaction().execute(async (transaction) => {
        await lockIdentity(transaction, false)
        return settleDue(transaction, await models.serving(transaction), now())
      }),
    )
    if (measured.parties.length > 0) options.onMeasured(measured, 0)
    return measured.parties.length > 0
  }

  const rewriteSome = (): Promise<number> =>
    withRetries(() =>
      db.transaction().execute(async (transaction) => {
        await lockIdentity(transaction, false)
        return rewriteSomeHistory(transaction, await models.serving(transaction), now())
      }),
    )

  const finishHistory: Clockwork['finishHistory'] = async (onProgress) => {
    const total = await historyDueCount(db)
    let done = 0
    for (let some = await rewriteSome(); some > 0 && !stopped; some = await rewriteSome()) {
      done += some
      onProgress?.(done, Math.max(total, done))
    }
    return done
  }

  return {
    start: async () => {
      ring()
      if ((await historyDueCount(db)) > 0) void run(() => finishHistory())
    },
    wakeBy: sleepUntil,
    historyIsDue: () => {
      if (historyTimer || stopped) return
      historyTimer = setTimeout(() => {
        historyTimer = null
        void run(async () => {
          const done = await finishHistory()
          if (done > 0)
            options.onMeasured({ parties: [], transitions: [], wakeAt: null, late: false }, 0)
          sleepUntil(now())
        })
      }, historyDelay)
      historyTimer.unref()
    },
    finishHistory,
    stop: async () => {
      stopped = true
      if (alarm) clearTimeout(alarm)
      if (historyTimer) clearTimeout(historyTimer)
      await running
    },
  }
}
