/** Why somebody is inside, or why not: condition by condition, now or at a time in the past. */
import { noPredictions, readPredictions } from './read-predictions.ts'
import { sql } from 'kysely'
import { accountsOf, readFacts, withHistories } from './read-facts.ts'
import { addNeeds, noNeeds } from './needs.ts'
import { askBoth } from './facts.ts'
import { emptyState } from '../relationship/fold.ts'
import { never } from './evaluate.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Facts, Question, StandingFacts } from './facts.ts'
import type { Json, Touchpoint } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'
import type { ModelInForce } from './catalogue.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition } from './node.ts'
import type { WhyNode } from '../domain/segment-view.ts'

export interface LivingParty {
  readonly id: string
  readonly kind: PartyKind
  readonly displayName: string
}

/** How a party's touchpoints (oldest first) have it stand at a time: the measure room's history. */
export type LifeUntil = (
  model: CompiledModel,
  party: { readonly partyId: string; readonly kind: PartyKind },
  touchpoints: readonly Touchpoint[],
  at: number,
) => StandingFacts

export interface WhyQuestion {
  readonly model: ModelInForce
  readonly condition: SegmentCondition
  readonly party: LivingParty
  readonly now: number
  /** Milliseconds; null for now. */
  readonly at: number | null
  readonly lifeUntil: LifeUntil
}

export async function whyOf(
  db: Kysely<unknown>,
  question: WhyQuestion,
): Promise<{ inside: boolean; tree: WhyNode }> {
  const { condition, now } = question
  const facts =
    question.at === null ? await presentFacts(db, question) : await pastFacts(db, question, question.at) // prettier-ignore
  const at = question.at ?? now
  // Who was not known yet was in nothing.
  if (facts === null) return { inside: false, tree: explain(condition, nobody(question), askBoth(at).low) } // prettier-ignore
  const tree = explain(condition, facts, askBoth(at).low)
  return { inside: tree.holds, tree }
}

async function presentFacts(
  db: Kysely<unknown>,
  { model, condition, party, now }: WhyQuestion,
): Promise<Facts | null> {
  const needs = addNeeds([condition.needs])
  const facts = await readFacts(db, model, [party.id], { needs, now, histories: true })
  return facts.get(party.id) ?? null
}

/** Everything from the log, as far as it had happened; identity as it is known today. */
async function pastFacts(
  db: Kysely<unknown>,
  question: WhyQuestion,
  at: number,
): Promise<Facts | null> {
  const { model, party, condition } = question
  const accountIds =
    party.kind === 'person' && condition.needs.accounts
      ? (await accountsOf(db, [party.id])).map(({ accountId }) => accountId)
      : []
  const parties = [
    { ...nobody(question), partyId: party.id, kind: party.kind },
    ...accountIds.map((partyId) => ({ ...nobody(question), partyId, kind: 'account' as const })),
  ]
  const whole = { ...noNeeds, history: { kinds: null, back: Infinity, bodies: true } }
  const told = await withHistories(db, parties, whole, at)
  const { rows } = await sql<{ subjectId: string }>`
    select subject_id as "subjectId" from identifier where party_id = ${party.id}::uuid`.execute(db)
  const subjects = new Set(rows.map(({ subjectId }) => subjectId))
  // What was foretold in the past is not kept: it is asked of the scores of now.
  const predictions = (await readPredictions(db, [party.id], condition.needs.predictions)).get(party.id) ?? noPredictions // prettier-ignore
  const lived = parties.map(({ partyId, kind }): Facts | null => {
    const history = (told.get(partyId)?.history ?? []).filter(({ occurredAt }) => occurredAt <= at)
    if (history.length === 0) return null
    const standing = question.lifeUntil(model.compiled, { partyId, kind }, history, at)
    const own = kind === party.kind ? predictions : noPredictions
    return { ...standing, traits: traitsOf(history, kind), predictions: own, subjects, accounts: [], history } // prettier-ignore
  })
  const [own, ...accounts] = lived
  return own ? { ...own, accounts: accounts.filter((account) => account !== null) } : null
}

/** Traits as the calls up to then had told them: the newest of each. */
function traitsOf(history: readonly Touchpoint[], kind: PartyKind): Map<string, Json> {
  const traits = new Map<string, Json>()
  const wanted = kind === 'account' ? 'group' : 'identify'
  for (const { type, properties } of history) {
    if (type !== wanted) continue
    for (const [key, value] of Object.entries(properties)) traits.set(key, value)
  }
  return traits
}

function nobody({ model, party }: WhyQuestion): Facts {
  return {
    partyId: party.id,
    kind: party.kind,
    ...{ rung: 0, rungSince: 0, health: 'green', healthSince: 0, persona: null, personaFit: 0 },
    state: emptyState(model.compiled),
    traits: new Map(),
    predictions: noPredictions,
    subjects: new Set(),
    accounts: [],
    history: [],
  }
}

function explain(condition: SegmentCondition, facts: Facts, question: Question): WhyNode {
  const verdict = condition.verdict(facts, question)
  const flipsAt = Math.abs(verdict)
  const asked =
    condition.needs.accounts && condition.combinator === null ? facts.accounts[0] : facts
  return {
    holds: verdict > 0,
    says: condition.says,
    combinator: condition.combinator,
    not: condition.not,
    found: condition.found(facts, question),
    flipsAt: flipsAt < never ? new Date(Math.floor(flipsAt)).toISOString() : null,
    parts: asked ? condition.parts.map((part) => explain(part, asked, question)) : [],
  }
}
