/**
 * Membership after something happened, in the transaction in which it happened: only segments that
 * depend on what changed look again, and only at whom it concerns.
 */
import { sql } from 'kysely'
import { addNeeds } from './needs.ts'
import { Asked } from './evaluate.ts'
import { appendChanges, newRowOf, pairOf, readMembers, writeMembers } from './member-rows.ts'
import { because, reasonOf } from './reason.ts'
import { causesOf, isConcerned } from './causes.ts'
import { integerArray, uuidArray } from '../store/array-literal.ts'
import { readFacts, withHistories } from './read-facts.ts'
import type { ActiveSegment, Catalogues, ModelInForce } from './catalogue.ts'
import type { Cause, Causes, WhatHappened } from './causes.ts'
import type { Evaluation } from './evaluate.ts'
import type { Facts } from './facts.ts'
import type { Kysely } from 'kysely'
import type { Needs } from './needs.ts'
import type { MemberRow, SegmentChange } from './member-rows.ts'

export interface SegmentOutcome {
  /** Segments that somebody entered or left. */
  readonly changed: readonly string[]
  /** The earliest wake-up written, milliseconds. */
  readonly wakeAt: number | null
}

export const nothingChanged: SegmentOutcome = { changed: [], wakeAt: null }

/** Call in the transaction, after relationships are measured: their rows are locked by then. */
export async function followSegments(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
  happened: WhatHappened,
): Promise<SegmentOutcome> {
  const catalogue = await catalogues.at(db, model)
  const { active, building } = catalogue
  if (active.length + building.length === 0) return nothingChanged
  const causes = await causesOf(db, happened, catalogue)
  await noteTouched(db, building, [...causes.keys()])
  return look(db, model, { active, causes, now: happened.now })
}

/** Builds that are being made look at these parties again before they serve. */
async function noteTouched(
  db: Kysely<unknown>,
  building: readonly number[],
  partyIds: readonly string[],
): Promise<void> {
  if (building.length === 0 || partyIds.length === 0) return
  await sql`
    insert into segment_touched (build, party_id)
    select b, p from unnest(${integerArray(building)}::int[]) as b,
      unnest(${uuidArray(partyIds)}::uuid[]) as p`.execute(db)
}

interface Look {
  readonly active: readonly ActiveSegment[]
  readonly causes: Causes
  readonly now: number
}

async function look(
  db: Kysely<unknown>,
  model: ModelInForce,
  { active, causes, now }: Look,
): Promise<SegmentOutcome> {
  const concerned = new Map<string, ActiveSegment[]>()
  for (const [partyId, cause] of causes) {
    const segments = active.filter(({ condition }) => isConcerned(condition.needs, cause))
    if (segments.length > 0) concerned.set(partyId, segments)
  }
  if (concerned.size === 0) return nothingChanged
  const segments = [...new Set([...concerned.values()].flat())]
  const partyIds = [...concerned.keys()].sort()
  const needs = needsOf(segments)
  const facts = await readFacts(db, model, partyIds, { needs, now, histories: false })
  const builds = segments.map(({ build }) => build)
  const known = await readMembers(db, builds, partyIds)
  const evaluated = await evaluateAll(db, { concerned, facts, now })
  const written: MemberRow[] = []
  const gone: Pick<MemberRow, 'build' | 'partyId'>[] = []
  const changes: SegmentChange[] = []
  for (const partyId of partyIds) {
    const cause = causes.get(partyId) as Cause
    const at = cause.byTimeAt ?? now
    for (const segment of concerned.get(partyId) ?? []) {
      const key = { build: segment.build, partyId }
      const row = known.get(pairOf(key))
      const evaluation = evaluated.get(pairOf(key)) ?? outside
      const next = newRowOf(key, row, evaluation, { now, at })
      if (next === null) gone.push(key)
      else if (next !== undefined) written.push(next)
      if (evaluation.inside === (row?.inside ?? false)) continue
      const party = evaluation.facts
      const reason = party ? because(cause.event, reasonOf(segment.condition, party, now)) : 'Became part of another party' // prettier-ignore
      changes.push({
        ...{ segmentId: segment.id, version: segment.version, partyId, at, because: reason },
        what: evaluation.inside ? 'entered' : 'left',
      })
    }
  }
  await writeMembers(db, written, gone)
  await appendChanges(db, changes)
  return {
    changed: [...new Set(changes.map(({ segmentId }) => segmentId))],
    wakeAt: earliest(written),
  }
}

/** What several segments need together. */
const needsOf = (segments: readonly ActiveSegment[]): Needs =>
  addNeeds(segments.map(({ condition }) => condition.needs))

type Told = Evaluation & { readonly facts?: Facts }
const outside: Told = { inside: false, wakeAt: null }

interface Evaluating {
  readonly concerned: ReadonlyMap<string, readonly ActiveSegment[]>
  readonly facts: ReadonlyMap<string, Facts>
  readonly now: number
}

/** Histories are read only where nothing else has decided already. */
async function evaluateAll(
  db: Kysely<unknown>,
  { concerned, facts, now }: Evaluating,
): Promise<Map<string, Told>> {
  const evaluated = new Map<string, Told>()
  const open = new Map<string, ActiveSegment[]>()
  const ask = (party: Facts, segments: readonly ActiveSegment[]): void => {
    const asked = new Asked(party, now)
    for (const segment of segments) {
      if (segment.kind !== party.kind) continue
      const found = asked.of(segment.condition)
      const key = pairOf({ build: segment.build, partyId: party.partyId })
      if (found) evaluated.set(key, { ...found, facts: party })
      else open.set(party.partyId, [...(open.get(party.partyId) ?? []), segment])
    }
  }
  for (const [partyId, segments] of concerned) {
    const party = facts.get(partyId)
    if (party) ask(party, segments)
  }
  if (open.size === 0) return evaluated
  const undecided = new Map(open)
  const needs = needsOf([...new Set([...undecided.values()].flat())])
  const parties = [...undecided.keys()].flatMap((partyId) => facts.get(partyId) ?? [])
  const told = await withHistories(db, parties, needs, now)
  for (const [partyId, segments] of undecided) ask(told.get(partyId) as Facts, segments)
  return evaluated
}

export function earliest(rows: readonly MemberRow[]): number | null {
  const first = rows.reduce((least, { wakeAt }) => Math.min(least, wakeAt ?? Infinity), Infinity)
  return Number.isFinite(first) ? first : null
}
