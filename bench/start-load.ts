import { fork } from 'node:child_process'
import { join } from 'node:path'
import { RapportError } from '../src/domain/error.ts'
import type { LoadPlan, LoadResult } from './load.ts'

export interface LoadReport extends LoadResult {
  /** Milliseconds that the driver itself used. */
  readonly processorTime: number
}

export function startLoad(plan: LoadPlan): Promise<LoadReport> {
  const child = fork(join(import.meta.dirname, 'load-process.ts'))
  const { promise, resolve, reject } = Promise.withResolvers<LoadReport>()
  child.once('message', (report) => resolve(report as LoadReport))
  child.once('error', reject)
  child.once('exit', (code) => reject(new RapportError('internal', `The load ended with ${code}.`)))
  child.send(plan)
  return promise
}
