import { sql } from 'kysely'
import { uuidArray } from '../store/array-literal.ts'
import type { Kysely } from 'kysely'

/** Accounts that persons belong to. */
export async function accountsOfPersons(
  db: Kysely<unknown>,
  personIds: readonly string[],
): Promise<{ personId: string; accountId: string }[]> {
  if (personIds.length === 0) return []
  const { rows } = await sql<{ personId: string; accountId: string }>`
    select distinct p.party_id as "personId", a.party_id as "accountId"
    from identifier p
    join membership m on m.person_subject_id = p.subject_id
    join identifier a on a.subject_id = m.account_subject_id
    where p.party_id = any(${uuidArray(personIds)}::uuid[])`.execute(db)
  return rows
}

export async function personsOfAccounts(
  db: Kysely<unknown>,
  accountIds: readonly string[],
): Promise<{ personId: string; accountId: string }[]> {
  if (accountIds.length === 0) return []
  const { rows } = await sql<{ personId: string; accountId: string }>`
    select distinct p.party_id as "personId", a.party_id as "accountId"
    from identifier a
    join membership m on m.account_subject_id = a.subject_id
    join identifier p on p.subject_id = m.person_subject_id
    where a.party_id = any(${uuidArray(accountIds)}::uuid[])`.execute(db)
  return rows
}

export async function markHistoryDue(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<void> {
  if (partyIds.length === 0) return
  const sorted = [...new Set(partyIds)].sort()
  await sql`
    insert into history_due (party_id) select * from unnest(${uuidArray(sorted)}::uuid[])
    on conflict do nothing`.execute(db)
}
