/** Merge, split and undo by hand: decisions are appended to the log, then identity is weighed anew. */
import { sql } from 'kysely'
import { RapportError } from '../domain/error.ts'
import { identifiersOfParties } from './queries.ts'
import { logDecision } from './graph-queries.ts'
import { reweigh } from './reweigh.ts'
import type { Kysely } from 'kysely'
import type { ReweighOutcome } from './reweigh.ts'

export interface HandDecision {
  readonly by: string
  readonly reason: string
  readonly newId: () => string
}

/** A split of hundreds of identifiers is a rebuild, not a repair by hand. */
const maximumPairs = 10_000

/** Joins two parties of the same kind, whatever the limits say. Errors: not_found, conflict. */
export async function mergeParties(
  db: Kysely<unknown>,
  parties: readonly [string, string],
  decision: HandDecision,
): Promise<ReweighOutcome> {
  const [one, other] = parties
  const identifiers = await identifiersOfParties(db, parties)
  const a = identifiers.find(({ partyId }) => partyId === one)
  const b = identifiers.find(({ partyId }) => partyId === other)
  if (!a || !b) throw new RapportError('not_found', 'One of the two parties has no identifiers.')
  if (one === other) throw new RapportError('conflict', 'A party cannot be merged with itself.')
  if ((a.namespace === 'account') !== (b.namespace === 'account')) {
    throw new RapportError('conflict', 'A person and an account cannot be merged.')
  }
  // All of both, so that no limit parts them again.
  const pairs = identifiers
    .filter(({ subjectId }) => subjectId !== a.subjectId)
    .map(({ subjectId }): [string, string] => [a.subjectId, subjectId])
  await logDecision(db, { action: 'merge', by: decision.by, reason: decision.reason, pairs })
  return reweigh(db, {
    seeds: [a.subjectId, b.subjectId],
    fresh: new Map(),
    newId: decision.newId,
    isByHand: true,
  })
}

/** Takes identifiers out of a party into one of their own, for good. Errors: not_found, conflict. */
export async function splitParty(
  db: Kysely<unknown>,
  partyId: string,
  subjectIds: readonly string[],
  decision: HandDecision,
): Promise<ReweighOutcome> {
  const identifiers = await identifiersOfParties(db, [partyId])
  const taken = new Set(subjectIds)
  const out = identifiers.filter(({ subjectId }) => taken.has(subjectId)).map((i) => i.subjectId)
  const stay = identifiers.filter(({ subjectId }) => !taken.has(subjectId)).map((i) => i.subjectId)
  if (out.length !== taken.size) {
    throw new RapportError('not_found', 'Not all of these identifiers belong to the party.')
  }
  if (out.length === 0 || stay.length === 0) {
    throw new RapportError('conflict', 'Choose some of the identifiers, and leave at least one.')
  }
  if (out.length * stay.length > maximumPairs) {
    throw new RapportError('conflict', 'That is more than can be split by hand at once.')
  }
  const pairs = out.flatMap((a) => stay.map((b): [string, string] => [a, b]))
  await logDecision(db, { action: 'split', by: decision.by, reason: decision.reason, pairs })
  return reweigh(db, {
    seeds: [...out, ...stay],
    fresh: new Map(),
    newId: decision.newId,
    isByHand: true,
  })
}

/** Takes a decision by hand back. Errors: not_found, conflict. */
export async function undoDecision(
  db: Kysely<unknown>,
  decisionId: string,
  decision: HandDecision,
): Promise<ReweighOutcome> {
  const { rows } = await sql<{
    action: string
    by: string
    pairs: [string, string][]
    undone: boolean
  }>`
    select action, by, pairs,
      exists (select 1 from identity_decision u where u.undoes = d.id) as undone
    from identity_decision d where id = ${decisionId}::bigint`.execute(db)
  const [found] = rows
  if (!found) throw new RapportError('not_found')
  if (found.undone || found.by === 'rule' || !['merge', 'split'].includes(found.action)) {
    throw new RapportError(
      'conflict',
      'Only a merge or split by hand can be undone, and only once. To part what a rule joined, split it.',
    )
  }
  await logDecision(db, {
    action: 'undo',
    by: decision.by,
    reason: decision.reason,
    pairs: found.pairs,
    undoes: decisionId,
  })
  const seeds = [...new Set(found.pairs.flat())]
  return reweigh(db, { seeds, fresh: new Map(), newId: decision.newId, isByHand: true })
}
