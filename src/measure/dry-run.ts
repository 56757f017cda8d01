/** Who would move under another model: folded from the log, nothing written. */
import { sql } from 'kysely'
import { byParty, touchpointsOfAccounts, touchpointsOfParties } from './party-log.ts'
import { foldTouchpoints } from '../relationship/fold.ts'
import { healthOf, rungOf } from '../relationship/standing.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import { rowsOfParties } from './relationship-queries.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { HealthColour, PartyKind } from '../domain/view.ts'
import type { Kysely } from 'kysely'
import type { ServingModel } from './serving-model.ts'

export interface DryRun {
  /** Parties looked at: all, or an even sample of so many. */
  readonly parties: number
  readonly moved: number
  /** People a rung, by rung id, among those looked at. */
  readonly before: Record<string, number>
  readonly after: Record<string, number>
  readonly sample: readonly Move[]
}

export interface Move {
  readonly party: { readonly id: string; readonly kind: PartyKind; readonly displayName: string }
  readonly from: string
  readonly to: string
  readonly healthFrom: HealthColour
  readonly healthTo: HealthColour
}

/** Beyond this a sample says enough, and the answer stays a matter of seconds. */
const mostParties = 4_000
const partiesAtOnce = 200
const mostShown = 50

export async function dryRun(
  db: Kysely<unknown>,
  serving: ServingModel,
  proposed: CompiledModel,
  now: number,
): Promise<DryRun> {
  const { rows: parties } = await sql<{ id: string; kind: PartyKind; displayName: string }>`
    select p.id, p.kind, p.display_name as "displayName"
    from ${sql.table(relationshipTable(serving.version))} r join party p on p.id = r.party_id
    where p.merged_into is null order by md5(p.id::text) limit ${mostParties}`.execute(db)
  const before: Record<string, number> = {}
  const after: Record<string, number> = {}
  const moves: Move[] = []
  for (let i = 0; i < parties.length; i += partiesAtOnce) {
    const some = parties.slice(i, i + partiesAtOnce)
    for (const move of await compare(db, serving, proposed, { some, now })) {
      if (move.party.kind === 'person') {
        before[move.from] = (before[move.from] ?? 0) + 1
        after[move.to] = (after[move.to] ?? 0) + 1
      }
      if (move.from !== move.to || move.healthFrom !== move.healthTo) moves.push(move)
    }
  }
  return {
    parties: parties.length,
    moved: moves.length,
    before,
    after,
    sample: moves.slice(0, mostShown),
  }
}

async function compare(
  db: Kysely<unknown>,
  serving: ServingModel,
  proposed: CompiledModel,
  { some, now }: { readonly some: readonly Move['party'][]; readonly now: number },
): Promise<Move[]> {
  const idsOf = (kind: PartyKind): string[] =>
    some.filter((p) => p.kind === kind).map(({ id }) => id)
  const logs = byParty([
    ...(await touchpointsOfParties(db, idsOf('person'))),
    ...(await touchpointsOfAccounts(db, idsOf('account'))),
  ])
  const rows = new Map(
    (
      await rowsOfParties(
        db,
        serving,
        some.map(({ id }) => id),
      )
    ).map((row) => [row.partyId, row]),
  )
  return some.flatMap((party) => {
    const row = rows.get(party.id)
    if (!row) return []
    const state = foldTouchpoints(proposed, logs.get(party.id) ?? [])
    return {
      party,
      from: serving.compiled.rungs[rungOf(serving.compiled, row.state, now)]?.id ?? '',
      to: proposed.rungs[rungOf(proposed, state, now)]?.id ?? '',
      healthFrom: healthOf(serving.compiled, row.state, now),
      healthTo: healthOf(proposed, state, now),
    }
  })
}
