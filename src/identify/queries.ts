import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { LinkFact, MembershipFact, SubjectFact } from './facts.ts'

export interface KnownIdentifier {
  readonly subjectId: string
  readonly namespace: string
  readonly partyId: string
  readonly shared: boolean
  /** The party that it was first given. */
  readonly homePartyId: string
  readonly firstSeenAt: Date
}

const seconds = (milliseconds: number): number => milliseconds / 1000

export async function identifiersOfSubjects(
  db: Kysely<unknown>,
  subjectIds: readonly string[],
): Promise<KnownIdentifier[]> {
  if (subjectIds.length === 0) return []
  const { rows } = await sql<KnownIdentifier>`
    select subject_id as "subjectId", namespace, party_id as "partyId", shared, home_party_id as "homePartyId",
      first_seen_at as "firstSeenAt"
    from identifier where subject_id = any(${subjectIds}::uuid[])`.execute(db)
  return rows
}

export async function identifiersOfParties(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<KnownIdentifier[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<KnownIdentifier>`
    select subject_id as "subjectId", namespace, party_id as "partyId", shared, home_party_id as "homePartyId",
      first_seen_at as "firstSeenAt"
    from identifier where party_id = any(${partyIds}::uuid[])`.execute(db)
  return rows
}

/** Of the links given, those that are new or earlier than what is known. */
export async function newLinks(
  db: Kysely<unknown>,
  links: readonly LinkFact[],
): Promise<LinkFact[]> {
  if (links.length === 0) return []
  const { rows } = await sql<{ index: number }>`
    select i.index::int as index
    from unnest(${links.map((l) => l.a)}::uuid[], ${links.map((l) => l.b)}::uuid[],
      ${links.map((l) => seconds(l.firstAt))}::float8[], ${links.map((l) => l.touchpointId)}::uuid[])
      with ordinality as i (a, b, at, touchpoint_id, index)
    left join identity_link l on l.subject_a = i.a and l.subject_b = i.b
    where l.subject_a is null
      or (to_timestamp(i.at), i.touchpoint_id) < (l.first_at, l.touchpoint_id)`.execute(db)
  return rows.map(({ index }) => links[index - 1] as LinkFact)
}

/** Keeps the earliest evidence of each link. Sorted, so that two workers cannot lock crosswise. */
export async function keepLinks(db: Kysely<unknown>, links: readonly LinkFact[]): Promise<void> {
  if (links.length === 0) return
  const sorted = [...links].sort((x, y) => (x.a + x.b < y.a + y.b ? -1 : 1))
  await sql`
    insert into identity_link as l (subject_a, subject_b, first_at, touchpoint_id)
    select a, b, to_timestamp(at), touchpoint_id
    from unnest(${sorted.map((l) => l.a)}::uuid[], ${sorted.map((l) => l.b)}::uuid[],
      ${sorted.map((l) => seconds(l.firstAt))}::float8[], ${sorted.map((l) => l.touchpointId)}::uuid[])
      as i (a, b, at, touchpoint_id)
    on conflict (subject_a, subject_b) do update
      set first_at = excluded.first_at, touchpoint_id = excluded.touchpoint_id
      where (excluded.first_at, excluded.touchpoint_id) < (l.first_at, l.touchpoint_id)`.execute(db)
}

/** Locks parties that are about to get identifiers; gives those that some link contests. */
export async function lockParties(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<Set<string>> {
  if (partyIds.length === 0) return new Set()
  const { rows } = await sql<{ id: string; contested: boolean }>`
    select id, contested from party where id = any(${partyIds}::uuid[]) order by id for update`.execute(
    db,
  )
  return new Set(rows.filter(({ contested }) => contested).map(({ id }) => id))
}

export interface NewParty {
  readonly id: string
  readonly kind: 'person' | 'account'
  readonly displayName: string
}

export async function insertParties(
  db: Kysely<unknown>,
  parties: readonly NewParty[],
): Promise<void> {
  if (parties.length === 0) return
  await sql`
    insert into party (id, kind, display_name)
    select * from unnest(${parties.map((p) => p.id)}::uuid[], ${parties.map((p) => p.kind)}::text[],
      ${parties.map((p) => p.displayName)}::text[])
    -- A party that comes back after a split.
    on conflict (id) do update set merged_into = null`.execute(db)
}

/** How many were inserted: fewer than given where another worker was faster. */
export async function insertIdentifiers(
  db: Kysely<unknown>,
  identifiers: readonly (SubjectFact & { readonly partyId: string })[],
): Promise<number> {
  if (identifiers.length === 0) return 0
  const sorted = [...identifiers].sort((x, y) => (x.subjectId < y.subjectId ? -1 : 1))
  const { rows } = await sql<{ inserted: number }>`
    with inserted as (
      insert into identifier (subject_id, namespace, value, party_id, home_party_id, first_seen_at)
      select subject_id, namespace, value, party_id, party_id, to_timestamp(at)
      from unnest(${sorted.map((i) => i.subjectId)}::uuid[],
        ${sorted.map((i) => i.identifier.namespace)}::text[],
        ${sorted.map((i) => i.identifier.value)}::text[], ${sorted.map((i) => i.partyId)}::uuid[],
        ${sorted.map((i) => seconds(i.firstSeenAt))}::float8[])
        as i (subject_id, namespace, value, party_id, at)
      on conflict (subject_id) do nothing returning 1)
    select count(*)::int as inserted from inserted`.execute(db)
  return rows[0]?.inserted ?? 0
}

/** Identifiers may turn out to have been seen earlier than known. */
export async function keepFirstSeen(
  db: Kysely<unknown>,
  facts: readonly SubjectFact[],
): Promise<void> {
  if (facts.length === 0) return
  await sql`
    update identifier i set first_seen_at = to_timestamp(f.at)
    from unnest(${facts.map((f) => f.subjectId)}::uuid[],
      ${facts.map((f) => seconds(f.firstSeenAt))}::float8[]) as f (subject_id, at)
    where i.subject_id = f.subject_id and i.first_seen_at > to_timestamp(f.at)`.execute(db)
}

/** Of the memberships given, those not yet known. */
export async function newMemberships(
  db: Kysely<unknown>,
  memberships: readonly MembershipFact[],
): Promise<MembershipFact[]> {
  if (memberships.length === 0) return []
  const { rows } = await sql<{ index: number }>`
    select i.index::int as index
    from unnest(${memberships.map((m) => m.personSubjectId)}::uuid[],
      ${memberships.map((m) => m.accountSubjectId)}::uuid[]) with ordinality as i (person, account, index)
    where not exists (select 1 from membership m
      where m.person_subject_id = i.person and m.account_subject_id = i.account)`.execute(db)
  return rows.map(({ index }) => memberships[index - 1] as MembershipFact)
}

export async function keepMemberships(
  db: Kysely<unknown>,
  memberships: readonly MembershipFact[],
): Promise<void> {
  if (memberships.length === 0) return
  await sql`
    insert into membership as m (person_subject_id, account_subject_id, first_at)
    select person, account, to_timestamp(at)
    from unnest(${memberships.map((m) => m.personSubjectId)}::uuid[],
      ${memberships.map((m) => m.accountSubjectId)}::uuid[],
      ${memberships.map((m) => seconds(m.firstAt))}::float8[]) as i (person, account, at)
    on conflict (person_subject_id, account_subject_id) do update
      set first_at = least(m.first_at, excluded.first_at)`.execute(db)
}

/** Accounts that persons belong to: (person party, account party) pairs. */
export async function accountsOfParties(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<{ personId: string; accountId: string }[]> {
  if (partyIds.length === 0) return []
  const { rows } = await sql<{ personId: string; accountId: string }>`
    select distinct p.party_id as "personId", a.party_id as "accountId"
    from identifier p
    join membership m on m.person_subject_id = p.subject_id
    join identifier a on a.subject_id = m.account_subject_id
    where p.party_id = any(${partyIds}::uuid[])`.execute(db)
  return rows
}
