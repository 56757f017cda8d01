/** The worker's side of `run-fits.ts`: one job after the other, each answered as soon as it is done. */
import { parentPort, workerData } from 'node:worker_threads'
import { doJob } from './do-job.ts'
import { RapportError } from '../domain/error.ts'
import type { FitTask, FromWorker } from './fit-task.ts'

const task = workerData as FitTask
const tell = (message: FromWorker): void => parentPort?.postMessage(message)

for (const job of task.jobs) {
  try {
    const onProgress = (share: number, doing: string): void =>
      tell({ kind: 'progress', id: job.id, share, doing })
    const began = performance.now()
    const result = doJob(task, job, onProgress)
    tell({ kind: 'done', result, milliseconds: performance.now() - began })
  } catch (error) {
    // What is wrong with the data has a code and says what to do; all else is a fault of ours.
    const isOurs = !(error instanceof RapportError) || error.code === 'internal'
    tell({ kind: 'failed', id: job.id, says: error instanceof Error ? error.message : String(error), isOurs }) // prettier-ignore
  }
}
tell({ kind: 'end' })
