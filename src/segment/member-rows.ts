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
  known: MemberRow | undefined,
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

export const pairOf = ({ build, partyId }: Pick<MemberRow, 'build' | 'partyId'>): string =>
  `${build} ${partyId}`

export async function readMembers(
  db: Kysely<unknown>,
  builds: readonly number[],
  partyIds: readonly string[],
): Promise<Map<string, MemberRow>> {
  if (builds.length === 0 || partyIds.length === 0) return new Map()
  const { rows } = await sql<Omit<MemberRow, 'since' | 'wakeAt'> & { since: Date; wakeAt: Date | null }>`
    select build, party_id as "partyId", inside, since, wake_at as "wakeAt" from segment_member
    where party_id = any(${uuidArray(partyIds)}::uuid[])
      and build = any(${integerArray(builds)}::int[])`.execute(db)
  return new Map(
    rows.map((row) => [
      pairOf(row),
      { ...row, since: row.since.getTime(), wakeAt: row.wakeAt?.getTime() ?? null },
    ]),
  )
} // prettier-ignore

export async function writeMembers(
  db: Kysely<unknown>,
  written: readonly MemberRow[],
  gone: readonly Pick<MemberRow, 'build' | 'partyId'>[],
): Promise<void> {
  if (gone.length > 0) {
    await sql`
      delete from segment_member m using unnest(${integerArray(gone.map((row) => row.build))}::int[],
        ${uuidArray(gone.map((row) => row.partyId))}::uuid[]) as g (build, party_id)
      where m.build = g.build and m.party_id = g.party_id`.execute(db)
  }
  if (written.length === 0) return
  await sql`
    insert into segment_member (build, party_id, inside, since, wake_at)
    select * from unnest(${integerArray(written.map((row) => row.build))}::int[],
      ${uuidArray(written.map((row) => row.partyId))}::uuid[],
      ${booleanArray(written.map((row) => row.inside))}::boolean[],
      ${timestampArray(written.map((row) => row.since))}::timestamptz[],
      ${timestampArray(written.map((row) => row.wakeAt))}::timestamptz[])
    on conflict (build, party_id) do update
      set inside = excluded.inside, since = excluded.since, wake_at = excluded.wake_at`.execute(db)
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
