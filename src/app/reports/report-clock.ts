/**
 * Sends what is due, at its time. At rest it is one sleeping timer: it wakes for the earliest time that
 * the store knows of, at the latest after a minute, for what another process wrote.
 */
import { claimSchedule, nextDeliveryAt, takeDue } from '../../prove/schedules/deliveries.ts'
import { createTurns } from '../turns.ts'
import { sendOpen, type SendingParts } from './send-report.ts'

export interface ReportClock {
  start(): void
  /** Something may be due sooner than was known. */
  wake(): void
  /** Sends all that is due now, and resolves when it is done. */
  sendDue(): Promise<void>
  stop(): Promise<void>
}

export interface ReportClockOptions extends SendingParts {
  /** Milliseconds. */
  readonly longestSleep?: number
}

const usualLongestSleep = 60_000
/** What could not be done, since the store was away, is tried again so much later. */
const retryAfter = 5_000
/** What another process holds is not looked at without a pause. */
const shortestSleep = 250
/** A receiver that is slow keeps others from their turn only where so many are. */
const atOnce = 4

export function createReportClock(options: ReportClockOptions): ReportClock {
  const { db, now, onError, longestSleep = usualLongestSleep } = options
  const turns = createTurns(onError)
  let alarm: NodeJS.Timeout | null = null
  const sleep = (milliseconds: number): void => {
    if (alarm) clearTimeout(alarm)
    if (turns.stopped()) return
    alarm = setTimeout(ring, Math.min(longestSleep, Math.max(shortestSleep, milliseconds)))
    alarm.unref()
  }
  const sendSome = async (): Promise<void> => {
    while (!turns.stopped()) {
      const claimed = await claimSchedule(db, now())
      if (claimed === null) return
      await sendOpen(options, claimed)
    }
  }
  const sendDue = async (): Promise<void> => {
    await takeDue(db, now())
    await Promise.all(Array.from({ length: atOnce }, sendSome))
  }
  const work = async (): Promise<void> => {
    await sendDue()
    sleep((await nextDeliveryAt(db)) - now())
  }
  const ring = (): void => turns.take(work, () => sleep(retryAfter))
  return {
    start: ring,
    wake: ring,
    sendDue,
    async stop() {
      const stopping = turns.stop()
      if (alarm) clearTimeout(alarm)
      await stopping
    },
  }
}
