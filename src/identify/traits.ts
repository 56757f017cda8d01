/** Traits: last writer wins by (time, touchpoint id), kept by identifier, read by party. */
import { sql } from 'kysely'
import { nameOfIdentifiers, nameOfTraits } from './display-name.ts'
import type { IdentityFacts } from './facts.ts'
import type { Json } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'

export async function keepTraits(db: Kysely<unknown>, facts: IdentityFacts): Promise<void> {
  const traits = [...facts.traits.values()]
  if (traits.length === 0) return
  traits.sort((x, y) => (x.subjectId + x.key < y.subjectId + y.key ? -1 : 1))
  await sql`
    insert into trait as t (subject_id, key, value, at, touchpoint_id)
    select subject_id, key, value::json, to_timestamp(at), touchpoint_id
    from unnest(${traits.map((t) => t.subjectId)}::uuid[], ${traits.map((t) => t.key)}::text[],
      ${traits.map((t) => JSON.stringify(t.value))}::text[], ${traits.map((t) => t.at / 1000)}::float8[],
      ${traits.map((t) => t.touchpointId)}::uuid[]) as i (subject_id, key, value, at, touchpoint_id)
    on conflict (subject_id, key) do update
      set value = excluded.value, at = excluded.at, touchpoint_id = excluded.touchpoint_id
      where (excluded.at, excluded.touchpoint_id) > (t.at, t.touchpoint_id)`.execute(db)
}

/** All traits of a party: of each key the newest value among its identifiers. */
export async function traitsOfParties(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<Map<string, Record<string, Json>>> {
  const { rows } = await sql<{ partyId: string; key: string; value: Json }>`
    select distinct on (i.party_id, t.key) i.party_id as "partyId", t.key, t.value
    from identifier i join trait t using (subject_id)
    where i.party_id = any(${partyIds}::uuid[])
    order by i.party_id, t.key, t.at desc, t.touchpoint_id desc`.execute(db)
  const traits = new Map<string, Record<string, Json>>()
  for (const { partyId, key, value } of rows) {
    const known = traits.get(partyId)
    if (known) known[key] = value
    // A null prototype, since keys come from outside.
    else
      traits.set(
        partyId,
        Object.assign(Object.create(null), { [key]: value }) as Record<string, Json>,
      )
  }
  return traits
}

/** Gives parties the name that their traits and identifiers now say. */
export async function renameParties(
  db: Kysely<unknown>,
  parties: ReadonlySet<string>,
): Promise<void> {
  if (parties.size === 0) return
  const ids = [...parties].sort()
  const traits = await traitsOfParties(db, ids)
  const { rows } = await sql<{ partyId: string; namespace: string; value: string }>`
    select party_id as "partyId", namespace, value from identifier
    where party_id = any(${ids}::uuid[]) order by first_seen_at, subject_id`.execute(db)
  const identifiers = new Map<string, { namespace: string; value: string }[]>()
  for (const { partyId, ...identifier } of rows) {
    identifiers.set(partyId, [...(identifiers.get(partyId) ?? []), identifier])
  }
  const names = ids.map(
    (id) => nameOfTraits(traits.get(id) ?? {}) ?? nameOfIdentifiers(identifiers.get(id) ?? []),
  )
  await sql`
    update party p set display_name = n.name
    from unnest(${ids}::uuid[], ${names}::text[]) as n (id, name)
    where p.id = n.id and p.display_name <> n.name`.execute(db)
}
