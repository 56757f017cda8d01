/** What `rapport uplift` was asked. */
import type { LearnerName } from '../prove/uplift/learners.ts'
import type { UpliftMethod } from '../prove/uplift/uplift-methods.ts'
import type { Output } from './output.ts'

export interface UpliftRequest {
  readonly output: Output
  readonly file: string
  readonly delimiter: string
  /** Names of columns. */
  readonly treatment: string
  readonly outcome: string
  readonly features: readonly string[]
  /** Where scores are given nothing is learned. */
  readonly score: string | null
  /** Values of the treatment; rows with others are left out, where values were named. */
  readonly arms: { readonly treated: string; readonly control: string; readonly areNamed: boolean }
  readonly methods: readonly UpliftMethod[]
  readonly learner: LearnerName
  readonly folds: number
  /** Draws of the bootstrap. */
  readonly bootstrap: number
  readonly seed: string
}
