/** What time alone changes, at its computed moment: no polling over people. */
import { sql } from 'kysely'
import { addNeeds } from './needs.ts'
import { Asked } from './evaluate.ts'
import { appendChanges, newRowOf, writeMembers } from './member-rows.ts'
import { accountsOf, lockParties, readFacts } from './read-facts.ts'
import { because, reasonOf } from './reason.ts'
import { earliest, noteTouched, nothingChanged } from './step.ts'
import { integerArray, uuidArray } from '../store/array-literal.ts'
import type { ActiveSegment, Catalogues, ModelInForce } from './catalogue.ts'
import type { Facts } from './facts.ts'
import type { Kysely } from 'kysely'
import type { MemberRow, SegmentChange } from './member-rows.ts'
import type { SegmentOutcome } from './step.ts'

/** Rows looked at in one transaction: their parties are locked meanwhile. */
const rowsAtOnce = 300
/** Whoever flips more often than this within one sleep is looked at again later. */
const mostMoments = 500

export interface Woken extends SegmentOutcome {
  /** Rows whose time had come; none is left where it is 0. */
  readonly looked: number
}

/** Call in a transaction that holds the shared identity lock. */
export async function wakeSegments(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
  now: number,
): Promise<Woken> {
  const { active, building } = await catalogues.at(db, model)
  if (active.length === 0) return { ...nothingChanged, looked: 0 }
  const builds = new Map(active.map((segment) => [segment.build, segment]))
  const partyIds = [...new Set((await dueRows(db, builds, now)).map(({ partyId }) => partyId))]
  if (partyIds.length === 0) return { ...nothingChanged, looked: 0 }
  // As intake does: first the relationships and then their memberships, so that nobody writes to a
  // party that somebody else is looking at.
  const needsAccounts = active.some(({ condition }) => condition.needs.accounts)
  const accounts = needsAccounts ? await accountsOf(db, partyIds) : []
  await lockParties(db, model, [...partyIds, ...accounts.map(({ accountId }) => accountId)])
  const rows = await dueRows(db, builds, now, partyIds)
  const needs = addNeeds(rows.flatMap(({ build }) => builds.get(build)?.condition.needs ?? []))
  const from = rows.reduce((least, { wakeAt }) => Math.min(least, wakeAt ?? now), now)
  const facts = await readFacts(db, model, partyIds, { needs, now: from, histories: true })
  const written: MemberRow[] = []
  const gone: MemberRow[] = []
  const changes: SegmentChange[] = []
  for (const row of rows) {
    const segment = builds.get(row.build) as ActiveSegment
    const party = facts.get(row.partyId)
    const next = party ? walk(segment, row, { party, now }, changes) : null
    if (next === null) gone.push(row)
    else written.push(next)
  }
  await writeMembers(db, written, gone, 'told')
  await appendChanges(db, changes)
  await noteTouched(db, building, partyIds)
  return {
    changed: [...new Set(changes.map(({ segmentId }) => segmentId))],
    wakeAt: earliest(written),
    looked: rows.length,
  }
}

/** Moment by moment, so that after a long sleep each change is told at the time when it was due. */
function walk(
  segment: ActiveSegment,
  row: MemberRow,
  { party, now }: { readonly party: Facts; readonly now: number },
  changes: SegmentChange[],
): MemberRow | null {
  let present: MemberRow = row
  for (let moment = 0; moment < mostMoments; moment++) {
    const at = Math.min(present.wakeAt ?? now, now)
    const found = new Asked(party, at).of(segment.condition)
    if (!found) break
    if (found.inside !== present.inside) {
      changes.push({
        ...{ segmentId: segment.id, version: segment.version, partyId: row.partyId, at },
        what: found.inside ? 'entered' : 'left',
        because: because(null, reasonOf(segment.condition, party, at)),
      })
    }
    const next = newRowOf(row, present, found, { now: at, at })
    if (next === null) return null
    present = next ?? present
    if (present.wakeAt === null || present.wakeAt > now) break
  }
  return present
}

type DueRow = Omit<MemberRow, 'since' | 'wakeAt'> & { since: Date; wakeAt: Date }

async function dueRows(
  db: Kysely<unknown>,
  builds: ReadonlyMap<number, ActiveSegment>,
  now: number,
  partyIds?: readonly string[],
): Promise<MemberRow[]> {
  const within = partyIds ? sql`and party_id = any(${uuidArray(partyIds)}::uuid[])` : sql``
  const some = partyIds ? sql`` : sql`order by wake_at limit ${rowsAtOnce}`
  const { rows } = await sql<DueRow>`
    select build, party_id as "partyId", inside, since, wake_at as "wakeAt" from segment_member
    where wake_at <= to_timestamp(${now / 1000}::float8)
      and build = any(${integerArray([...builds.keys()])}::int[]) ${within} ${some}`.execute(db)
  return rows.map((row) => ({
    ...row,
    since: row.since.getTime(),
    wakeAt: row.wakeAt.getTime(),
  }))
}

/** The next time at which anything is due, or null. */
export async function nextSegmentWake(
  db: Kysely<unknown>,
  catalogues: Catalogues,
  model: ModelInForce,
): Promise<number | null> {
  const { active } = await catalogues.at(db, model)
  if (active.length === 0) return null
  const { rows } = await sql<{ at: Date | null }>`
    select min(wake_at) as at from segment_member where wake_at is not null
      and build = any(${integerArray(active.map(({ build }) => build))}::int[])`.execute(db)
  return rows[0]?.at?.getTime() ?? null
}
