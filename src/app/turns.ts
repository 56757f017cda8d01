/** Work in the background, one piece after the other. */
export interface Turns {
  /** An error is reported and `again` is called, which sees to it that the work is not forgotten. */
  take(work: () => Promise<unknown>, again: () => void): void
  /** Whether it was stopped: long work looks here and ends. */
  stopped(): boolean
  /** Resolves once the piece under way has ended. */
  stop(): Promise<void>
}

export function createTurns(onError: (error: unknown) => void): Turns {
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()
  return {
    take(work, again) {
      running = running
        .then(() => (stopped ? undefined : work()))
        .catch((error: unknown) => {
          again()
          onError(error)
        })
    },
    stopped: () => stopped,
    async stop() {
      stopped = true
      await running
    },
  }
}
