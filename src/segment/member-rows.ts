/** Membership as rows: read, compared with what is true now, written; and what changed, told. */
import { sql } from 'kysely'
import {
  booleanArray,
  integerArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../store/array-literal.ts'
import type { Evaluation } from './evaluate.ts'
import type { Kysely } from 'kysely'

export interface MemberRow {
  readonly build: number
  readonly partyId: string
  readonly inside: boolean
  /** Since when inside (or outside), milliseconds. */
  readonly since: number
  readonly wakeAt: number | null
}

/** A row as far as it decides what is to be written; `since` only where that is asked for. */
export type KnownMember = Pick<MemberRow, 'inside' | 'wakeAt'> & Partial<Pick<MemberRow, 'since'>>

export interface SegmentChange {
  readonly segmentId: string
  readonly partyId: string
  readonly version: number
  readonly at: number
  readonly what: 'entered' | 'left'
  readonly because: string
}

/** `undefined`: the row may stay. `null`: it goes. */
export type NewRow = MemberRow | null | undefined

/**
 * What is to be written. A wake-up that only moved later is not: waking early costs one look, writing
 * on every touchpoint would cost one write each.
 */
export function newRowOf(
  key: Pick<MemberRow, 'build' | 'partyId'>,
  known: KnownMember | undefined,
  { inside, wakeAt }: Evaluation,
  { now, at }: { readonly now: number; readonly at: number },
): NewRow {
  const wasInside = known?.inside ?? false
  const isDue = known !== undefined && known.wakeAt !== null && known.wakeAt <= now
  const isSooner =
    wakeAt !== null && (known === undefined || known.wakeAt === null || wakeAt < known.wakeAt)
  if (inside === wasInside && !isDue && !isSooner) return undefined
  if (!inside && wakeAt === null) return known ? null : undefined
  return { ...key, inside, wakeAt, since: inside === wasInside ? (known?.since ?? at) : at }
}

/**
 * What is known of some parties in some builds, by party and build. A party's rows come as one text,
 * "build + or - milliseconds": for many rows of many parties that costs a fifth of rows.
 */
export async function readMembers(
  db: Kysely<unknown>,
  builds: readonly number[],
  partyIds: readonly string[],
): Promise<Map<string, Map<number, KnownMember>>> {
  const members = new Map<string, Map<number, KnownMember>>()
  if (builds.length === 0 || partyIds.length === 0) return members
  // "with" and "lateral": prepared once, and read along the index of parties, however many are asked.
  const { rows } = await sql<{ partyId: string; held: string }>`
    with asked as (select unnest(${uuidArray(partyIds)}::uuid[]) as party_id)
    select asked.party_id as "partyId", held
    from asked cross join lateral (
      select string_agg(build || case when inside then '+' else '-' end
        || coalesce((date_part('epoch', wake_at) * 1000)::bigint::text, ''), ' ') as held
      from segment_member m where m.party_id = asked.party_id
        and m.build = any(${integerArray(builds)}::int[])) as own
    where held is not null`.execute(db)
  for (const { partyId, held } of rows) members.set(partyId, new Map(held.split(' ').map(memberIn)))
  return members
}

function memberIn(text: string): [number, KnownMember] {
  const inside = text.includes('+')
  const cut = text.indexOf(inside ? '+' : '-')
  const wakeAt = cut === text.length - 1 ? null : Number(text.slice(cut + 1))
  return [Number(text.slice(0, cut)), { inside, wakeAt }]
}

/**
 * Writes rows and takes others away.
 *
 * @param since  `kept`: whoever was inside (or outside) already stays so since then; `told`: since when
 *               is known of each
 */
export async function writeMembers(
  db: Kysely<unknown>,
  written: readonly MemberRow[],
  gone: readonly Pick<MemberRow, 'build' | 'partyId'>[],
  since: 'kept' | 'told' = 'kept',
): Promise<void> {
  if (gone.length > 0) {
    await sql`
      delete from segment_member m using unnest(${integerArray(gone.map((row) => row.build))}::int[],
        ${uuidArray(gone.map((row) => row.partyId))}::uuid[]) as g (build, party_id)
      where m.build = g.build and m.party_id = g.party_id`.execute(db)
  }
  if (written.length === 0) return
  const kept = sql`case when m.inside = excluded.inside then m.since else excluded.since end`
  await sql`
    insert into segment_member as m (build, party_id, inside, since, wake_at)
    select * from unnest(${integerArray(written.map((row) => row.build))}::int[],
      ${uuidArray(written.map((row) => row.partyId))}::uuid[],
      ${booleanArray(written.map((row) => row.inside))}::boolean[],
      ${timestampArray(written.map((row) => row.since))}::timestamptz[],
      ${timestampArray(written.map((row) => row.wakeAt))}::timestamptz[])
    on conflict (build, party_id) do update set inside = excluded.inside,
      since = ${since === 'kept' ? kept : sql`excluded.since`}, wake_at = excluded.wake_at`.execute(
    db,
  )
}

export async function appendChanges(
  db: Kysely<unknown>,
  changes: readonly SegmentChange[],
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    insert into segment_change (segment_id, party_id, version, at, what, because)
    select * from unnest(${uuidArray(changes.map((change) => change.segmentId))}::uuid[],
      ${uuidArray(changes.map((change) => change.partyId))}::uuid[],
      ${integerArray(changes.map((change) => change.version))}::int[],
      ${timestampArray(changes.map((change) => change.at))}::timestamptz[],
      ${textArray(changes.map((change) => change.what))}::text[],
      ${textArray(changes.map((change) => change.because))}::text[])`.execute(db)
}
