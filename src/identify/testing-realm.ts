/** Identifiers of one test case, with what came in and what was decided about them by hand. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { constraintsOf, type HandDecisionRecord } from './by-hand.ts'
import { mergeParties, splitParty, undoDecision, type HandDecision } from './decide.ts'
import { factsOf } from './facts.ts'
import {
  exclusively, expectedParts, partiesIn, takeIn, touchpointOf, type Sighting,
} from './testing.ts' // prettier-ignore
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'
import type { ReweighOutcome } from './reweigh.ts'

const decision: HandDecision = { by: 'Mo', reason: 'a test', newId: randomUUID }

/** One company's worth of identity: what came in, and what was decided. */
export class Realm {
  readonly id = randomUUID()
  readonly db: Kysely<unknown>
  readonly touchpoints: IncomingTouchpoint[] = []

  constructor(db: Kysely<unknown>) {
    this.db = db
  }

  async see(...sightings: Sighting[]): Promise<void> {
    const touchpoints = sightings.map((sighting) => touchpointOf(sighting, this.id))
    this.touchpoints.push(...touchpoints)
    await takeIn(this.db, touchpoints)
  }

  parties(): Promise<Map<string, string>> {
    return partiesIn(this.db, factsOf(this.touchpoints).subjects.keys())
  }

  subject(name: string): string {
    return touchpointOf({ identifiers: [name], ago: 0 }, this.id).subjectId
  }

  async party(name: string): Promise<string> {
    return (await this.parties()).get(this.subject(name)) ?? ''
  }

  merge(one: string, other: string): Promise<ReweighOutcome> {
    return exclusively(this.db, (db) => mergeParties(db, [one, other], decision))
  }

  split(party: string, subjects: readonly string[]): Promise<ReweighOutcome> {
    return exclusively(this.db, (db) => splitParty(db, party, subjects, decision))
  }

  undo(id: string): Promise<ReweighOutcome> {
    return exclusively(this.db, (db) => undoDecision(db, id, decision))
  }

  /** Decisions by hand that touch this realm and are in force, oldest first. */
  async decisions(): Promise<(HandDecisionRecord & { id: string })[]> {
    const subjects = [...factsOf(this.touchpoints).subjects.keys()]
    const { rows } = await sql<HandDecisionRecord & { id: string }>`
      select id::text as id, action, pairs from identity_decision d
      where by <> 'rule' and action in ('merge', 'split') and subjects && ${subjects}::uuid[]
        and not exists (select 1 from identity_decision u where u.undoes = d.id)
      order by d.id`.execute(this.db)
    return rows
  }

  /** The partition that facts and decisions say. */
  async expected(): Promise<string[][]> {
    return expectedParts(this.touchpoints, constraintsOf(await this.decisions()))
  }
}
