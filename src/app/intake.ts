/**
 * Gathers what requests bring into micro-batches, since one commit for two thousand touchpoints costs
 * little more than one for one. A request is answered when the transaction that holds it is durable.
 */
import { takeBatches } from './pipeline.ts'
import type { AcceptBatch, BatchOutcome, CollectedBatch } from '../domain/collected-batch.ts'
import type { Measured } from '../measure/step.ts'
import type { PipelineParts } from './pipeline.ts'

export interface IntakeOptions extends PipelineParts {
  /** Refuses (throws) where nothing may be written, for example on a full disk. */
  readonly mayWrite: () => void
  /** Told after each commit. */
  readonly onMeasured: (measured: Measured, accepted: number) => void
  /** A batch waits for company at most this long. */
  readonly gatherMs?: number
  readonly touchpointsAtOnce?: number
  /** Transactions at once: while one waits for the disk the next is prepared. */
  readonly lanes?: number
}

interface Waiting {
  readonly batch: CollectedBatch
  readonly resolve: (outcome: BatchOutcome) => void
  readonly reject: (error: unknown) => void
}

export interface Intake {
  readonly accept: AcceptBatch
  /** Resolves once nothing is waiting or under way. */
  readonly drained: () => Promise<void>
}

export function createIntake(options: IntakeOptions): Intake {
  const { gatherMs = 4, touchpointsAtOnce = 2_000, lanes = 2 } = options
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
    while (waiting.length > 0) await settle(take(), options)
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

async function settle(taken: readonly Waiting[], options: IntakeOptions): Promise<void> {
  try {
    options.mayWrite()
    const { outcomes, measured } = await takeBatches(
      options,
      taken.map(({ batch }) => batch),
    )
    taken.forEach(({ resolve }, i) => resolve(outcomes[i] as BatchOutcome))
    options.onMeasured(
      measured,
      outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
    )
  } catch (error) {
    if (isOfTheData(error)) await isolate(taken, options, error)
    else for (const { reject } of taken) reject(error)
  }
}

/**
 * SQLSTATE classes that blame a value: 22 data exception, 54 limit exceeded (an index key too long).
 * Everything else is the store's trouble or ours: the caller hears so, and sends again.
 */
function isOfTheData(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^(22|54)...$/.test(code)
}

/**
 * Something in these batches cannot be stored. Halve until it stands alone: one bad event never
 * fails its neighbours, and is kept with the reason.
 */
async function isolate(
  taken: readonly Waiting[],
  options: IntakeOptions,
  error: unknown,
): Promise<void> {
  if (taken.length > 1) {
    const middle = taken.length >> 1
    await settle(taken.slice(0, middle), options)
    await settle(taken.slice(middle), options)
    return
  }
  const [{ batch, resolve, reject }] = taken as [Waiting]
  try {
    resolve(await isolateWithin(batch, options, error))
  } catch (failure) {
    reject(failure)
  }
}

async function isolateWithin(
  batch: CollectedBatch,
  options: IntakeOptions,
  error: unknown,
): Promise<BatchOutcome> {
  const { touchpoints, rejected, sourceId } = batch
  const [only] = touchpoints
  if (!only) throw error
  if (touchpoints.length === 1) {
    const reason =
      `The store refused it: ${error instanceof Error ? error.message : String(error)}`.slice(
        0,
        500,
      )
    const { type, event, properties, context, identifiers } = only
    const kept = {
      code: 'invalid_event' as const,
      reason,
      event: { type, event, properties, context, identifiers },
      raw: null,
    }
    return takeOne({ sourceId, touchpoints: [], rejected: [...rejected, kept] }, options)
  }
  const middle = touchpoints.length >> 1
  const halves = [
    { sourceId, touchpoints: touchpoints.slice(0, middle), rejected },
    { sourceId, touchpoints: touchpoints.slice(middle), rejected: [] },
  ]
  let outcome: BatchOutcome = { accepted: 0, duplicate: 0, rejected: 0, bot: 0 }
  for (const half of halves) {
    const part = await takeOne(half, options).catch((failure: unknown) => {
      if (!isOfTheData(failure)) throw failure
      return isolateWithin(half, options, failure)
    })
    outcome = addOutcomes(outcome, part)
  }
  return outcome
}

async function takeOne(batch: CollectedBatch, options: IntakeOptions): Promise<BatchOutcome> {
  const { outcomes, measured } = await takeBatches(options, [batch])
  const [outcome] = outcomes as [BatchOutcome]
  options.onMeasured(measured, outcome.accepted)
  return outcome
}

const addOutcomes = (a: BatchOutcome, b: BatchOutcome): BatchOutcome => ({
  accepted: a.accepted + b.accepted,
  duplicate: a.duplicate + b.duplicate,
  rejected: a.rejected + b.rejected,
  bot: a.bot + b.bot,
})
