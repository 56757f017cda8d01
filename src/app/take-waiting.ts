/**
 * Takes what is waiting through the pipeline and answers each request; finds the one event that the
 * store cannot hold.
 */
import { takeBatches } from './pipeline.ts'
import type { BatchOutcome, CollectedBatch } from '../domain/collected-batch.ts'
import type { Measured } from '../measure/step.ts'
import type { PipelineParts } from './pipeline.ts'

export interface TakeOptions extends PipelineParts {
  /** Refuses (throws) where nothing may be written, for example on a full disk. */
  readonly mayWrite: () => void
  /** Told after each commit. */
  readonly onMeasured: (measured: Measured, accepted: number) => void
  /** What the batch before needed: an import needs the exclusive lock in nearly every batch. */
  readonly habit: { exclusive: boolean }
}

export interface Waiting {
  readonly batch: CollectedBatch
  readonly resolve: (outcome: BatchOutcome) => void
  readonly reject: (error: unknown) => void
}

export async function takeWaiting(taken: readonly Waiting[], options: TakeOptions): Promise<void> {
  try {
    options.mayWrite()
    const batches = taken.map(({ batch }) => batch)
    const taking = await takeBatches(options, batches, options.habit.exclusive)
    const { outcomes, measured } = taking
    options.habit.exclusive = taking.neededExclusive
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
  options: TakeOptions,
  error: unknown,
): Promise<void> {
  if (taken.length > 1) {
    const middle = taken.length >> 1
    await takeWaiting(taken.slice(0, middle), options)
    await takeWaiting(taken.slice(middle), options)
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
  options: TakeOptions,
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

async function takeOne(batch: CollectedBatch, options: TakeOptions): Promise<BatchOutcome> {
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
