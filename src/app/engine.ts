import type { ApplyParts } from '../measure/apply-model.ts'
import type { Clockwork } from './clockwork.ts'
import type { IdentityActions } from '../identify/http.ts'
import type { Intake } from './intake.ts'
import type { LensParts } from './lens-parts.ts'
import type { MergeSuggestions } from './merge-suggestions.ts'
import type { ModelCache } from '../measure/serving-model.ts'
import type { Predictions } from './predictions.ts'
import type { Segments } from './segments.ts'
import type { Playbook } from '../measure/http/model-routes.ts'

/** The program without its server: what imports, the demo and replays need too. */
export interface Engine {
  readonly models: ModelCache
  readonly segments: Segments
  /** What analysis asks: the lens, kept up to date. */
  readonly history: LensParts
  readonly intake: Intake
  /** What is likely next, kept up. */
  readonly predictions: Predictions
  readonly clockwork: Clockwork
  readonly identityActions: IdentityActions
  /** Who is probably one person, for somebody to decide. */
  readonly mergeSuggestions: MergeSuggestions
  readonly playbooks: readonly Playbook[]
  readonly now: () => number
  /** Throws where the disk is too full for anything to be accepted. */
  readonly mayWrite: () => void
  applyModel(
    yaml: string,
    by: string,
    onProgress?: ApplyParts['onProgress'],
  ): Promise<{ version: number; touchpoints: number }>
  /** Ends what is under way. */
  stop(): Promise<void>
}

export interface EngineOptions {
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
  /** Milliseconds after which the clockwork looks again, whatever it knows of. */
  readonly longestSleep?: number
}
