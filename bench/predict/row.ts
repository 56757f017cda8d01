/** One line of the table of `npm run bench -- predict`. Times are CPU seconds of one thread. */
export interface PredictRow {
  readonly what: string
  readonly ours: number
  /** What another tool needed for the same, as recorded on such a machine. */
  readonly peer?: { readonly name: string; readonly seconds: number }
  /** The most that it should take. */
  readonly aim?: number
  /** What came out, so that nobody measures the wrong thing fast. */
  readonly result?: string
}

/** The rows of a subject for so many cases, each as soon as it was measured. */
export type PredictRows = (size: number) => AsyncGenerator<PredictRow>

export interface Timed<T> {
  readonly seconds: number
  readonly result: T
}

/** CPU seconds of the whole process: the median of some rounds after one to warm up. */
export async function timed<T>(work: () => T | Promise<T>, rounds = 3): Promise<Timed<T>> {
  let result = await work()
  const seconds: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    result = await work()
    const { user, system } = process.cpuUsage(before)
    seconds.push((user + system) / 1e6)
  }
  seconds.sort((a, b) => a - b)
  return { seconds: seconds[Math.floor(rounds / 2)] ?? Number.NaN, result }
}
