/** The types of the answers: those of the server's own schemas, and the few that only the app names. */
import type { z } from 'zod'
import type {
  identityDecisionView,
  partyPage,
  partyReference,
  TouchpointView,
} from '../src/domain/view.ts'
import type { healthCountDay, healthDay, moverView, reachView } from '../src/domain/ladder-view.ts'
import type { modelCheck } from '../src/domain/model-view.ts'
import type { rejectPage, sourceView } from '../src/domain/source-view.ts'
import type { Model } from '../src/relationship/model-schema.ts'

export type PartyReference = z.infer<typeof partyReference>
export type PartyPage = z.infer<typeof partyPage>
export type HealthDay = z.infer<typeof healthDay>
export type HealthCountDay = z.infer<typeof healthCountDay>
export type Mover = z.infer<typeof moverView>
export type Reach = z.infer<typeof reachView>
export type Source = z.infer<typeof sourceView>
export type RejectPage = z.infer<typeof rejectPage>
export type Reject = RejectPage['rejects'][number]
export type IdentityDecision = z.infer<typeof identityDecisionView>
export type ModelCheck = z.infer<typeof modelCheck>
export type RecentTouchpoint = TouchpointView & { party: PartyReference | null }
export interface Session {
  user: { id: string; name: string; email: string } | null
  firstRun: boolean
}
export interface ApiKey {
  id: string
  name: string
  lastFour: string
  createdAt: string
  revokedAt: string | null
}
export interface CurrentModel {
  version: number | string
  yaml: string
  model: Model
  appliedAt: string | null
  appliedBy: string | null
  state: string
}
export interface Playbook {
  id: string
  name: string
  about: string
  yaml: string
}
