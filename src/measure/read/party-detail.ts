/** Everything that the page of one party shows, each number with what opens it. */
import { sql } from 'kysely'
import { compileTotal, dimensionScore } from '../../relationship/term.ts'
import { leafValue } from '../../relationship/condition.ts'
import { healthReasons, rungOf } from '../../relationship/standing.ts'
import { newestMark, reEvaluatingSince, repeatCount, tagCount } from '../../relationship/loyalty.ts'
import { isoTime, partySummaryOf, round } from './party-summary.ts'
import { measureViews } from './measure-views.ts'
import type { CompiledLeaf } from '../../relationship/condition.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { ConditionView, PartyDetail } from '../../domain/view.ts'
import type { Kysely } from 'kysely'
import type { RelationshipRow } from '../standing-row.ts'
import type { State } from '../../relationship/measure-table.ts'
import type { WeightedTerm } from '../../relationship/model-schema.ts'

type Stored = Pick<PartyDetail, 'identifiers' | 'traits' | 'accounts' | 'members' | 'mergedFrom'>

export function partyDetailOf(
  model: CompiledModel,
  row: RelationshipRow,
  stored: Stored & { readonly displayName: string },
  now: number,
): PartyDetail {
  const { state } = row
  const rung = rungOf(model, state, now)
  const { displayName, ...rest } = stored
  return {
    ...partySummaryOf(model, row, displayName, now),
    ...rest,
    evidence: (model.rungs[rung]?.when.leaves ?? []).map((leaf) => conditionView(leaf, state, now)),
    nextRung: nextRungOf(model, state, rung, now),
    healthReasons: healthReasons(model, state, now),
    dimensionDetails: dimensionDetails(model, state, now),
    measures: measureViews(model, state, now),
    affinity: totalOf(model, model.declared.affinity, state, now),
    reach: totalOf(model, model.declared.reach, state, now),
    loyalty: loyaltyOf(model, state),
    asOf: isoTime(now),
  }
}

export function conditionView(leaf: CompiledLeaf, state: State, now: number): ConditionView {
  const value = leafValue(leaf, state, now)
  const flipsAt = leaf.flipsAt(state, now)
  return {
    holds: leaf.holds(state, now),
    says: leaf.says,
    of: leaf.term.of || null,
    value: value === null ? null : round(value),
    needs: leaf.needs,
    flipsAt: Number.isFinite(flipsAt) ? isoTime(flipsAt) : null,
  }
}

function nextRungOf(
  model: CompiledModel,
  state: State,
  rung: number,
  now: number,
): PartyDetail['nextRung'] {
  const next = model.rungs[rung + 1]
  if (!next) return null
  const missing = next.when.missing(state, now).map((leaf) => conditionView(leaf, state, now))
  return { id: next.id, name: next.name, meaning: next.meaning, missing }
}

function dimensionDetails(
  model: CompiledModel,
  state: State,
  now: number,
): PartyDetail['dimensionDetails'] {
  return model.dimensions.map(({ id, name, half, total }) => ({
    id,
    name,
    about: model.declared.dimensions[id]?.about ?? '',
    score: round(dimensionScore(total.value(state, now), half), 1),
    terms: (model.declared.dimensions[id]?.of ?? []).map((term) => {
      const compiled = compileTotal([{ ...term, times: 1 }], model)
      const value = compiled.value(state, now)
      return {
        name: compiled.name,
        of: opens(term),
        value: round(value),
        times: term.times,
        part: round(value * term.times),
      }
    }),
  }))
}

const opens = (term: WeightedTerm): string =>
  term.trust_balance
    ? 'trust:balance'
    : term.persona_fit
      ? 'persona:fit'
      : `measure:${term.measure}`

function totalOf(
  model: CompiledModel,
  terms: readonly WeightedTerm[],
  state: State,
  now: number,
): number {
  return round(compileTotal(terms, model).value(state, now))
}

/** The loop of the first `recent` measure that knows choices and comparisons. */
function loyaltyOf(model: CompiledModel, state: State): PartyDetail['loyalty'] {
  const [choice, comparison] = ['choice', 'comparison']
  const measure = model.measures.find(
    ({ declared }) => declared.kind === 'recent' && declared.of.some(({ tag }) => tag === choice),
  )
  const marks = (measure ? (state[measure.index] as readonly string[] | null) : null) ?? []
  const since = newestMark(marks) ? reEvaluatingSince(marks, choice, comparison) : null
  return {
    choices: tagCount(marks, choice),
    repeatedWithoutReconsidering: repeatCount(marks, { choice, comparison, reconsidered: false }),
    repeatedAfterReconsidering: repeatCount(marks, { choice, comparison, reconsidered: true }),
    reEvaluatingSince: since === null ? null : isoTime(since),
  }
}

/** What the identity tables say of a party. */
export async function storedOf(db: Kysely<unknown>, partyId: string): Promise<Stored> {
  const identifiers = await sql<{
    subjectId: string
    namespace: string
    value: string
    firstSeenAt: Date
  }>`
    select subject_id as "subjectId", namespace, value, first_seen_at as "firstSeenAt"
    from identifier where party_id = ${partyId}::uuid
    order by first_seen_at, subject_id limit 500`.execute(db)
  const traits = await sql<{ key: string; value: unknown }>`
    select distinct on (t.key) t.key, t.value from identifier i join trait t using (subject_id)
    where i.party_id = ${partyId}::uuid
    order by t.key, t.at desc, t.touchpoint_id desc limit 300`.execute(db)
  const accounts = await relatives(
    db,
    sql`select a.party_id from identifier p
    join membership m on m.person_subject_id = p.subject_id
    join identifier a on a.subject_id = m.account_subject_id where p.party_id = ${partyId}::uuid`,
  )
  const members = await relatives(
    db,
    sql`select p.party_id from identifier a
    join membership m on m.account_subject_id = a.subject_id
    join identifier p on p.subject_id = m.person_subject_id where a.party_id = ${partyId}::uuid`,
  )
  const merged = await sql<{ id: string }>`
    select id from party where merged_into = ${partyId}::uuid order by id limit 100`.execute(db)
  return {
    identifiers: identifiers.rows.map((row) => ({
      ...row,
      firstSeenAt: row.firstSeenAt.toISOString(),
    })),
    traits: Object.fromEntries(traits.rows.map(({ key, value }) => [key, value])),
    accounts,
    members,
    mergedFrom: merged.rows.map(({ id }) => id),
  }
}

async function relatives(
  db: Kysely<unknown>,
  ids: ReturnType<typeof sql>,
): Promise<PartyDetail['accounts']> {
  const { rows } = await sql<PartyDetail['accounts'][number]>`
    select id, kind, display_name as "displayName" from party
    where id in (${ids}) order by lower(display_name), id limit 50`.execute(db)
  return rows
}
