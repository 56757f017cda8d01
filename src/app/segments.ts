/**
 * Segments at work: membership follows what happens, in the same transaction; what time alone
 * changes comes at its moment; whatever is new or changed is built beside.
 */
import { buildSegments, type BuildParts } from '../segment/build.ts'
import { Catalogues } from '../segment/catalogue.ts'
import { isAnythingToBuild } from '../segment/next-to-build.ts'
import { createTurns } from './turns.ts'
import { followScores } from './follow-scores.ts'
import { followSegments, measuresFor, type SegmentOutcome } from '../segment/step.ts'
import { lockIdentity } from './identity-lock.ts'
import { nextSegmentWake, wakeSegments, type Woken } from '../segment/wake.ts'
import { Previews } from '../segment/preview.ts'
import { withRetries } from './retry.ts'
import type { Kysely } from 'kysely'
import type { Live } from './live.ts'
import type { ModelCache, ServingModel } from '../measure/serving-model.ts'
import type { Truth } from '../store/truth.ts'
import type { WhatHappened } from '../segment/causes.ts'

export interface Segments {
  /** Places of the measures that `follow` will want to know of whom a batch touches. */
  measuresFor(
    db: Kysely<unknown>,
    model: ServingModel,
    batch: Pick<WhatHappened, 'touchpoints' | 'epoch'>,
  ): Promise<ReadonlySet<number>>
  /** In the transaction, after relationships are measured. */
  follow(db: Kysely<unknown>, model: ServingModel, happened: WhatHappened): Promise<SegmentOutcome>
  /** Once it is committed. */
  committed(outcome: SegmentOutcome): void
  /** Scores were written: whoever that concerns enters or leaves. */
  scored(): Promise<void>
  /** Builds whatever is new or changed; resolves once all of it serves. */
  build(): Promise<void>
  readonly previews: Previews
  /** Looks now for what is due; resolves when that is done. */
  ring(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export interface SegmentsOptions {
  readonly truth: Truth
  readonly models: ModelCache
  readonly live: Live
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** As the clockwork: for what another process wrote and did not live to do. */
const longestSleep = 60_000
const retryDelay = 2_000

export function createSegments(options: SegmentsOptions): Segments {
  const { truth, models, live, onError, now } = options
  const catalogues = new Catalogues()
  const building = createTurns(onError)
  const alarm = createAlarm(options, catalogues, {
    onWoken: (woken) => committed(woken),
    // Begun by a process that did not live to finish it, or made by one that only wrote it down.
    lookAfterBuilds: async () => {
      if (await isAnythingToBuild(parts)) void build()
    },
  })
  const committed = ({ changed, wakeAt }: SegmentOutcome): void => {
    for (const id of changed) live.publish({ kind: 'segment', id })
    if (wakeAt !== null) alarm.sleepUntil(wakeAt)
  }
  const parts: BuildParts = {
    truth,
    now,
    model: (db) => models.serving(db),
    stopped: building.stopped,
    onBuilt: (id) => {
      live.publish({ kind: 'segment', id })
      void alarm.ring()
    },
  }
  const build = (): Promise<void> =>
    new Promise((resolve) => {
      const work = (): Promise<void> => withRetries(() => buildSegments(parts)).then(resolve)
      const again = (): void => {
        // Whoever waits is not kept waiting; it is tried again in the background.
        resolve()
        setTimeout(() => void build(), retryDelay).unref()
      }
      building.take(work, again)
    })
  return {
    measuresFor: (db, model, batch) => measuresFor(db, catalogues, model, batch),
    follow: (db, model, happened) => followSegments(db, catalogues, model, happened),
    committed,
    scored: () =>
      new Promise((resolve) => {
        const work = (): Promise<void> =>
          followScores(options, catalogues, committed, building.stopped)
        building.take(() => work().then(resolve), resolve)
      }),
    previews: new Previews(truth.db, onError),
    ring: alarm.ring,
    build,
    start: async () => {
      void alarm.ring()
    },
    stop: async () => {
      const stopping = building.stop()
      await alarm.stop()
      await stopping
    },
  }
}

interface AlarmTold {
  readonly onWoken: (woken: Woken) => void
  /** About once a minute. */
  readonly lookAfterBuilds: () => Promise<void>
}

interface Alarm {
  ring(): Promise<void>
  sleepUntil(at: number): void
  stop(): Promise<void>
}

function createAlarm(
  { truth: { db }, models, now, onError }: SegmentsOptions,
  catalogues: Catalogues,
  { onWoken, lookAfterBuilds }: AlarmTold,
): Alarm {
  const turns = createTurns(onError)
  let timer: NodeJS.Timeout | null = null
  let timerAt = Infinity
  let lookedAt = -Infinity
  const turnOff = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    timerAt = Infinity
  }
  const sleepUntil = (at: number): void => {
    if (turns.stopped() || at >= timerAt) return
    turnOff()
    timerAt = at
    timer = setTimeout(() => void ring(), Math.min(longestSleep, Math.max(0, at - now())))
    timer.unref()
  }
  const wakeSome = (): Promise<Woken> =>
    withRetries(() =>
      db.transaction().execute(async (transaction) => {
        await lockIdentity(transaction, false)
        const model = await models.serving(transaction)
        return wakeSegments(transaction, catalogues, model, now())
      }),
    )
  const wakeAll = async (): Promise<void> => {
    while (!turns.stopped()) {
      const woken = await wakeSome()
      if (woken.looked === 0) break
      onWoken(woken)
    }
    if (performance.now() - lookedAt > longestSleep) {
      lookedAt = performance.now()
      await lookAfterBuilds()
    }
    const next = await nextSegmentWake(db, catalogues, await models.serving(db))
    sleepUntil(Math.min(next ?? Infinity, now() + longestSleep))
  }
  const ring = (): Promise<void> => {
    turnOff()
    return new Promise((resolve) => {
      const again = (): void => {
        resolve()
        sleepUntil(now() + retryDelay)
      }
      turns.take(() => wakeAll().then(resolve), again)
    })
  }
  return {
    ring,
    sleepUntil,
    stop: async () => {
      const stopping = turns.stop()
      turnOff()
      await stopping
    },
  }
}
