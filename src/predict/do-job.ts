/** One model, fitted where it has to be, and everybody's scores by it. */
import { propensities } from './catalogue.ts'
import { propensityJob } from './propensity-job.ts'
import { purchasesJob } from './purchases-job.ts'
import { valueJob } from './value-job.ts'
import { RapportError } from '../domain/error.ts'
import type { FitTask, Job, JobResult, OnProgress } from './fit-task.ts'

/** @throws RapportError where the data cannot be worked on; nothing is half done then. */
export function doJob(task: FitTask, job: Job, onProgress: OnProgress): JobResult {
  if (job.id === 'purchases') return purchasesJob(task, job, onProgress)
  if (job.id === 'value') return valueJob(task, job, onProgress)
  const propensity = propensities.find(({ id }) => id === job.id)
  if (propensity === undefined) throw new RapportError('internal', `There is no model ${job.id}.`)
  return propensityJob(task, job, propensity, onProgress)
}
