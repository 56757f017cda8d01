/**
 * Membership after something happened, in the transaction in which it happened: only segments that
 * depend on what changed look again, and only at whom it concerns.
 */
import { sql } from 'kysely'
import { addNeeds, needsHistory } from './needs.ts'
import { Asked } from './evaluate.ts'
import { appendChanges, newRowOf, readMembers, writeMembers } from './member-rows.ts'
import { because, reasonOf } from './reason.ts'
import { causesOf } from './causes.ts'
import { concernedBy, isKept } from './concerned.ts'
import { integerArray, uuidArray } from '../store/array-literal.ts'
import { readFacts, withHistories } from './read-facts.ts'
import type { ActiveSegment, Catalogues, ModelInForce } from './catalogue.ts'
import type { Cause, Causes, WhatHappened } from './causes.ts'
import type { Evaluation } from './evaluate.ts'
import type { Facts } from './facts.ts'
import type { Kysely } from 'kysely'
import type { Needs } from './needs.ts'
import type { KnownMember, MemberRow, SegmentChange } from './member-rows.ts'

export interface SegmentOutcome {
  /** Segments that somebody entered or left. */
  readonly changed: readonly string[]
  /** The earliest wake-up written, milliseconds. */
  readonly wakeAt: number | null
}

export const nothingChanged: SegmentOutcome = { changed: [], wakeAt: null }

/** Places of the measures that `followSegments` will want to know of whom these touchpoints concern. */
export async function measuresFor(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
  { touchpoints = [], epoch }: Pick<WhatHappened, 'touchpoints' | 'epoch'>,
): Promise<ReadonlySet<number>> {
  const { active } = await catalogues.at(db, model, epoch)
  const kinds = new Set(touchpoints.map(({ kind }) => kind))
  const concerned = active.filter(({ condition: { needs } }) => {
    // Changes of standing and whatever else may come with any touchpoint.
    if (needs.kinds === null || needs.standing || needs.traits.size > 0) return true
    return (
      needs.subjects || needs.accounts !== null || [...kinds].some((kind) => needs.kinds?.has(kind))
    )
  })
  return needsOf(concerned).measures
}

/** Call in the transaction, after relationships are measured: their rows are locked by then. */
export async function followSegments(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
  happened: WhatHappened,
): Promise<SegmentOutcome> {
  const catalogue = await catalogues.at(db, model, happened.epoch)
  const { active, building } = catalogue
  if (active.length + building.length === 0) return nothingChanged
  const causes = await causesOf(db, happened, catalogue)
  await noteTouched(db, building, [...causes.keys()])
  const concerned = concernedBy(active, causes)
  if (concerned.size === 0) return nothingChanged
  return look(db, model, { concerned, causes, happened })
}

/** Builds that are being made look at these parties again before they serve. */
export async function noteTouched(
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
  readonly concerned: ReadonlyMap<string, readonly ActiveSegment[]>
  readonly causes: Causes
  readonly happened: WhatHappened
}

async function look(
  db: Kysely<unknown>,
  model: ModelInForce,
  { concerned, causes, happened }: Look,
): Promise<SegmentOutcome> {
  const { now, newcomers = nobody } = happened
  const partyIds = [...concerned.keys()].sort()
  const segments = [...new Set([...concerned.values()].flat())]
  const builds = segments.map(({ build }) => build)
  const facts = await readFacts(db, model, partyIds, {
    ...{ needs: needsOf(segments), now, histories: false, newcomers },
    known: new Map(happened.rows?.map((row) => [row.partyId, row])),
    recent: (partyId) => causes.get(partyId)?.touchpoints ?? [],
  })
  const members = await readMembers(db, builds, partyIds.filter((id) => !newcomers.has(id))) // prettier-ignore
  const pairs = await evaluateAll(db, { concerned, causes, members, facts, now, partyIds })
  const written: MemberRow[] = []
  const gone: Pick<MemberRow, 'build' | 'partyId'>[] = []
  const changes: SegmentChange[] = []
  for (const { partyId, segment, row, party, found } of pairs) {
    const key = { build: segment.build, partyId }
    const cause = causes.get(partyId) as Cause
    const at = cause.byTimeAt ?? now
    const next = newRowOf(key, row, found, { now, at })
    if (next === null) gone.push(key)
    else if (next !== undefined) written.push(next)
    if (found.inside === (row?.inside ?? false)) continue
    const reason = party ? because(cause.event, reasonOf(segment.condition, party, now)) : 'Became part of another party' // prettier-ignore
    changes.push({
      ...{ segmentId: segment.id, version: segment.version, partyId, at, because: reason },
      what: found.inside ? 'entered' : 'left',
    })
  }
  await writeMembers(db, written, gone)
  await appendChanges(db, changes)
  return {
    changed: [...new Set(changes.map(({ segmentId }) => segmentId))],
    wakeAt: earliest(written),
  }
}

const nobody: ReadonlySet<string> = new Set()

/** What several segments need together. */
const needsOf = (segments: readonly ActiveSegment[]): Needs =>
  addNeeds(segments.map(({ condition }) => condition.needs))

interface Evaluating {
  readonly concerned: ReadonlyMap<string, readonly ActiveSegment[]>
  readonly causes: Causes
  readonly members: ReadonlyMap<string, ReadonlyMap<number, KnownMember>>
  readonly facts: ReadonlyMap<string, Facts>
  readonly now: number
  readonly partyIds: readonly string[]
}

/** One segment and one party. */
interface Pair {
  readonly partyId: string
  readonly segment: ActiveSegment
  readonly row: KnownMember | undefined
  /** Null where there is no such party any more. */
  party: Facts | null
  found: Evaluation
}
const outside: Evaluation = { inside: false, wakeAt: null }

/** Histories are read only where nothing else has decided already. */
async function evaluateAll(
  db: Kysely<unknown>,
  { concerned, causes, members, facts, now, partyIds }: Evaluating,
): Promise<Pair[]> {
  const pairs: Pair[] = []
  const open: Pair[] = []
  for (const partyId of partyIds) {
    const party = facts.get(partyId) ?? null
    const cause = causes.get(partyId) as Cause
    const rows = members.get(partyId)
    const asked = party && new Asked(party, now)
    for (const segment of concerned.get(partyId) ?? []) {
      const row = rows?.get(segment.build)
      const pair: Pair = { partyId, segment, row, party, found: outside }
      pairs.push(pair)
      if (!asked || segment.kind !== party?.kind) continue
      const found = asked.of(segment.condition, keptUntil(segment, { row, cause, now }))
      if (found) pair.found = found
      else open.push(pair)
    }
  }
  if (open.length === 0) return pairs
  const needs = needsOf([...new Set(open.map(({ segment }) => segment))])
  const parties = [...new Set(open.flatMap(({ party }) => party ?? []))]
  const told = await withHistories(db, parties, needs, now)
  const asked = new Map([...told].map(([id, party]) => [id, new Asked(party, now)]))
  for (const pair of open) {
    pair.party = told.get(pair.partyId) ?? null
    pair.found = asked.get(pair.partyId)?.of(pair.segment.condition) ?? outside
  }
  return pairs
}

interface Known {
  readonly row: KnownMember | undefined
  readonly cause: Cause
  readonly now: number
}

/** Until when histories are known to let a party stay inside, whatever is in them. */
function keptUntil({ condition }: ActiveSegment, { row, cause, now }: Known): number {
  if (!row?.inside || !needsHistory(condition.needs)) return -Infinity
  const until = row.wakeAt ?? Infinity
  return until > now && isKept(condition, cause) ? until : -Infinity
}

export function earliest(rows: readonly MemberRow[]): number | null {
  const first = rows.reduce((least, { wakeAt }) => Math.min(least, wakeAt ?? Infinity), Infinity)
  return Number.isFinite(first) ? first : null
}
