export interface IngestOptions {
  readonly seconds: number
  readonly connections: number
  readonly people: number
  /** Which of the rounds; all where it is empty. */
  readonly rounds: readonly string[]
  readonly profileInto: string | undefined
}
