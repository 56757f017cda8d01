/**
 * Fits and scores in a worker thread, so that intake and pages are not kept waiting; what it holds in
 * memory goes with it.
 */
import { Worker } from 'node:worker_threads'
import { RapportError } from '../domain/error.ts'
import type { FitTask, FromWorker, JobResult } from './fit-task.ts'
import type { PredictionModelId } from '../domain/prediction-view.ts'

export interface FitListener {
  readonly onProgress: (id: PredictionModelId, share: number, doing: string) => void
  readonly onDone: (result: JobResult, milliseconds: number) => Promise<void>
  readonly onFailed: (id: PredictionModelId, says: string, isOurs: boolean) => Promise<void>
  /** Ends the worker where it aborts. */
  readonly signal: AbortSignal
}

/** Resolves when all jobs are done and what was made of them is taken over; one after the other. */
export async function runFits(task: FitTask, listener: FitListener): Promise<void> {
  const worker = new Worker(new URL('fit-in-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 2_048 },
  })
  const stop = (): void => void worker.terminate()
  listener.signal.addEventListener('abort', stop, { once: true })
  try {
    await listen(worker, listener)
  } finally {
    listener.signal.removeEventListener('abort', stop)
    await worker.terminate()
  }
}

function listen(worker: Worker, { onProgress, onDone, onFailed }: FitListener): Promise<void> {
  return new Promise((resolve, reject) => {
    let taking: Promise<unknown> = Promise.resolve()
    const take = (work: () => Promise<void>): void => {
      taking = taking.then(work)
      taking.catch(reject)
    }
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'progress':
          onProgress(message.id, message.share, message.doing)
          return
        case 'done':
          take(() => onDone(message.result, message.milliseconds))
          return
        case 'failed':
          take(() => onFailed(message.id, message.says, message.isOurs))
          return
        case 'end':
          taking.then(() => resolve(), reject)
      }
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      // After its end nothing changes any more: this is for one that was ended too soon.
      const ended = (): void =>
        reject(new RapportError('internal', 'The worker that fits models ended.'))
      taking.then(() => setImmediate(ended), reject)
    })
  })
}
