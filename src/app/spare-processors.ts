import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/**
 * V8 looks for garbage with as many threads as it has, four by default. On a machine with two
 * processors, which PostgreSQL shares, everybody waited a tenth of a second for them every few seconds;
 * half of the processors are enough. And it takes what a batch leaves behind for what lasts, puts it
 * among that from the start, and so has to look twice as often: it is told not to.
 */
export function spareProcessors(processors = availableParallelism()): void {
  const threads = Math.max(1, Math.floor(processors / 2))
  setFlagsFromString(`--concurrent-marking-max-worker-num=${threads}`)
  setFlagsFromString('--no-allocation-site-pretenuring')
}
