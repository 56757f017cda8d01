/**
 * What happens without being asked: standings that time alone changes, at their computed moment, and
 * exact history for parties whose touchpoints came late. At rest it is one sleeping timer, which looks
 * at an index once a minute: for what another process wrote and did not live to do.
 */
import { createTurns, type Turns } from './turns.ts'
import { lockIdentity } from './identity-lock.ts'
import { nextWake } from '../measure/relationship-queries.ts'
import { historyDueCount, isHistoryDue, rewriteSomeHistory } from '../measure/rewrite-history.ts'
import { partiesWithHistoryDue } from '../segment/read-facts.ts'
import { settleDue } from '../measure/timer.ts'
import { withRetries } from './retry.ts'
import type { Kysely } from 'kysely'
import type { Measured } from '../measure/step.ts'
import type { PipelineParts } from './pipeline.ts'
import type { ServingModel } from '../measure/serving-model.ts'

export interface ClockworkOptions extends Pick<
  PipelineParts,
  'db' | 'models' | 'now' | 'segments'
> {
  readonly onMeasured: (measured: Measured, accepted: number) => void
  readonly onError: (error: unknown) => void
  /** Milliseconds after which it looks again, though it knows of nothing that is due. */
  readonly longestSleep?: number
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

/**
 * What an engine wrote is told to that engine only. A notice through PostgreSQL (NOTIFY) would reach
 * the others too, but makes all commits queue up behind one lock; the first entry of an index, once a
 * minute, costs a few milliseconds a minute. It also outlives a clock that is set.
 */
const usualLongestSleep = 60_000
/** What is due is being settled by another process: by now it may have finished. */
const othersDelay = 50
/** Imports bring late touchpoints in bursts: history waits until they calm down. */
const historyDelay = 1_500
/** What could not be done, since the store was away, is tried again so much later. */
const retryDelay = 2_000

export function createClockwork(options: ClockworkOptions): Clockwork {
  const { db } = options
  const turns = createTurns(options.onError)
  const alarm = createAlarm(options, turns, () => rewriteIn(historyDelay))
  const finishHistory: Clockwork['finishHistory'] = async (onProgress) => {
    const total = await historyDueCount(db)
    let done = 0
    const rewriteSome = (): Promise<number> =>
      inTransaction(options, async (transaction, model, at) => {
        // Rewritten standings may be older or younger than they were: segments look again.
        const rewritten = options.segments ? await partiesWithHistoryDue(transaction) : []
        const some = await rewriteSomeHistory(transaction, model, at)
        await options.segments?.follow(transaction, model, { rewritten, now: at })
        return some
      })
    for (let some = await rewriteSome(); some > 0 && !turns.stopped(); some = await rewriteSome()) {
      done += some
      onProgress?.(done, Math.max(total, done))
    }
    if (done > 0) options.onMeasured({ parties: [], transitions: [], wakeAt: null, late: false }, 0)
    return done
  }
  let historyTimer: NodeJS.Timeout | null = null
  const rewriteIn = (milliseconds: number): void => {
    if (historyTimer || turns.stopped()) return
    historyTimer = setTimeout(() => {
      historyTimer = null
      turns.take(rewriteAll, () => rewriteIn(retryDelay))
    }, milliseconds)
    historyTimer.unref()
  }
  const rewriteAll = async (): Promise<void> => {
    await finishHistory()
    alarm.sleepUntil(options.now())
  }
  return {
    start: async () => {
      alarm.ring()
      if (await isHistoryDue(db)) rewriteIn(0)
    },
    wakeBy: alarm.sleepUntil,
    historyIsDue: () => rewriteIn(historyDelay),
    finishHistory,
    stop: async () => {
      const stopping = turns.stop()
      alarm.turnOff()
      if (historyTimer) clearTimeout(historyTimer)
      await stopping
    },
  }
}

interface Alarm {
  /** Looks what is due now, and sleeps until the next is. */
  ring(): void
  sleepUntil(at: number): void
  turnOff(): void
}

function createAlarm(options: ClockworkOptions, turns: Turns, historyIsDue: () => void): Alarm {
  const { db, models, now, onMeasured, longestSleep = usualLongestSleep } = options
  let alarm: NodeJS.Timeout | null = null
  let alarmAt = Infinity
  const turnOff = (): void => {
    if (alarm) clearTimeout(alarm)
    alarm = null
    alarmAt = Infinity
  }
  const sleepUntil = (at: number): void => {
    if (turns.stopped() || at >= alarmAt) return
    turnOff()
    alarmAt = at
    alarm = setTimeout(ring, Math.min(longestSleep, Math.max(0, at - now())))
    alarm.unref()
  }
  const settleSome = async (): Promise<boolean> => {
    const { measured, moved } = await inTransaction(options, async (transaction, model, at) => {
      const settled = await settleDue(transaction, model, at)
      const { transitions } = settled
      const followed = await options.segments?.follow(transaction, model, { transitions, now: at })
      return { measured: settled, moved: followed }
    })
    if (moved) options.segments?.committed(moved)
    if (measured.parties.length > 0) onMeasured(measured, 0)
    return measured.parties.length > 0
  }
  const next = async (): Promise<number> =>
    (await nextWake(db, (await models.serving(db)).version)) ?? Infinity
  const settleAll = async (): Promise<void> => {
    let wakeAt = await next()
    while (wakeAt <= now() && !turns.stopped()) {
      if (!(await settleSome())) return sleepUntil(now() + othersDelay)
      wakeAt = await next()
    }
    sleepUntil(Math.min(wakeAt, now() + longestSleep))
    // Mostly our own, for which a timer runs already; else its process may be gone.
    if (await isHistoryDue(db)) historyIsDue()
  }
  const ring = (): void => {
    turnOff()
    turns.take(settleAll, () => sleepUntil(now() + retryDelay))
  }
  return { ring, sleepUntil, turnOff }
}

/** Beside intake, but never while identity is being changed. */
function inTransaction<T>(
  { db, models, now }: ClockworkOptions,
  work: (db: Kysely<unknown>, model: ServingModel, now: number) => Promise<T>,
): Promise<T> {
  return withRetries(() =>
    db.transaction().execute(async (transaction) => {
      await lockIdentity(transaction, false)
      return work(transaction, await models.serving(transaction), now())
    }),
  )
}
