/** What people went through, as columns: one journey a person, steps oldest first. */
import { RapportError } from '../domain/error.ts'

export interface Journeys {
  readonly names: readonly string[]
  /** Indexes of `names`. Only what came before the outcome: what follows it explains nothing. */
  readonly steps: Int32Array
  /** One longer than there are journeys, from 0, never falling. */
  readonly offsets: Int32Array
  /** 1 where the journey reached the outcome. */
  readonly reached: Uint8Array
}

/** @throws RapportError invalid_analysis where the columns do not fit each other. */
export function checkJourneys({ names, steps, offsets, reached }: Journeys): void {
  const refuse = (detail: string): never => {
    throw new RapportError('invalid_analysis', detail)
  }
  if (offsets.length !== reached.length + 1) refuse('The columns of the journeys differ in length.')
  if (offsets[0] !== 0 || offsets.at(-1) !== steps.length)
    refuse('The offsets of the journeys do not cover the steps.')
  for (let j = 0; j < reached.length; j++) {
    if ((offsets[j + 1] ?? 0) < (offsets[j] ?? 0)) refuse('The offsets of the journeys fall.')
  }
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? -1
    if (step < 0 || step >= names.length) refuse(`Step ${i + 1} has no name.`)
  }
}
