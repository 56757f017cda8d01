/**
 * Gathers what requests bring into micro-batches, since one commit for two thousand touchpoints costs
 * little more than one for one. A request is answered when the transaction that holds it is durable.
 */
import { takeWaiting } from './take-waiting.ts'
import type { AcceptBatch, CollectedBatch } from '../domain/collected-batch.ts'
import type { TakeOptions, Waiting } from './take-waiting.ts'

export interface IntakeOptions extends Omit<TakeOptions, 'habit'> {
  /** A batch waits for company at most this long. */
  readonly gatherMs?: number
  readonly touchpointsAtOnce?: number
  /** Transactions at once: while one waits for the disk the next is prepared. */
  readonly lanes?: number
}

export interface Intake {
  readonly accept: AcceptBatch
  /** Resolves once nothing is waiting or under way. */
  readonly drained: () => Promise<void>
}

export function createIntake(options: IntakeOptions): Intake {
  const { gatherMs = 4, touchpointsAtOnce = 2_000, lanes = 3 } = options
  const taking: TakeOptions = { ...options, habit: { exclusive: false } }
  let waiting: Waiting[] = []
  let waitingTouchpoints = 0
  let busyLanes = 0
  let timer: NodeJS.Timeout | null = null
  const idle: (() => void)[] = []

  const take = (): Waiting[] => {
    let count = 0
    let size = 0
    while (count < waiting.length && (size === 0 || size < touchpointsAtOnce)) {
      size += sizeOf((waiting[count] as Waiting).batch)
      count++
    }
    const taken = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingTouchpoints -= size
    return taken
  }

  const work = async (): Promise<void> => {
    busyLanes++
    while (waiting.length > 0) await takeWaiting(take(), taking)
    busyLanes--
    if (busyLanes === 0) for (const resolve of idle.splice(0)) resolve()
  }

  const start = (): void => {
    timer = null
    if (busyLanes < lanes && waiting.length > 0) void work()
  }

  return {
    accept: (batch) =>
      new Promise((resolve, reject) => {
        waiting.push({ batch, resolve, reject })
        waitingTouchpoints += sizeOf(batch)
        // With a lane free nothing is gained by waiting for more than a full batch.
        if (waitingTouchpoints >= touchpointsAtOnce && busyLanes < lanes) start()
        else timer ??= setTimeout(start, gatherMs)
      }),
    drained: async () => {
      if (busyLanes > 0 || waiting.length > 0)
        await new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}

const sizeOf = ({ touchpoints, rejected }: CollectedBatch): number =>
  touchpoints.length + rejected.length
