/** The world as the stores tell it, read by the functions that the API is made of. */
import { sql, type Kysely } from 'kysely'
import { constraintsOf, type HandDecisionRecord } from '../../src/identify/by-hand.ts'
import { rowsOfParties } from '../../src/measure/relationship-queries.ts'
import { traitsOfParties } from '../../src/identify/traits.ts'
import { transitionsOf } from '../../src/measure/read/movers.ts'
import { historyLines, nameOfParty, type Picture, type Pictures } from './pictures.ts'
import type { ByHand } from './reference.ts'
import type { ServingModel } from '../../src/measure/serving-model.ts'

interface PartyRow {
  readonly id: string
  readonly kind: string
  readonly displayName: string
  readonly subjects: readonly string[]
  readonly firstSeen: readonly Date[]
  readonly accounts: readonly string[]
}

export async function toldPictures(db: Kysely<unknown>, model: ServingModel): Promise<Pictures> {
  const { rows } = await sql<PartyRow>`
    select p.id, p.kind, p.display_name as "displayName",
      array(select i.subject_id::text from identifier i where i.party_id = p.id order by 1) as subjects,
      array(select i.first_seen_at from identifier i where i.party_id = p.id
        order by i.subject_id::text) as "firstSeen",
      array(select distinct a.party_id::text from identifier i
        join membership m on m.person_subject_id = i.subject_id
        join identifier a on a.subject_id = m.account_subject_id where i.party_id = p.id) as accounts
    from party p where p.merged_into is null`.execute(db)
  const ids = rows.map(({ id }) => id)
  const names = new Map(rows.map(({ id, subjects }) => [id, nameOfParty(subjects)]))
  const states = new Map((await rowsOfParties(db, model, ids)).map((row) => [row.partyId, row]))
  const traits = await traitsOfParties(db, ids)
  const pictures = new Map<string, Picture>()
  for (const { id, kind, displayName, subjects, firstSeen, accounts } of rows) {
    const row = states.get(id)
    const transitions = await transitionsOf(db, id)
    pictures.set(names.get(id) as string, {
      kind,
      displayName,
      traits: { ...traits.get(id) },
      firstSeen: Object.fromEntries(
        subjects.map((subject, i) => [subject, firstSeen[i]?.getTime() ?? 0]),
      ),
      accounts: accounts.map((account) => names.get(account) ?? 'nobody').sort(),
      standing: row ? { rung: row.rung, health: row.health } : null,
      state: row?.state ?? null,
      history: historyLines(transitions.map((each) => ({ ...each, at: Date.parse(each.at) }))),
    })
  }
  return pictures
}

interface Decision extends HandDecisionRecord {
  readonly id: string
  readonly undoes: string | null
}

/** What all decisions by hand that were not taken back ask for together. */
export async function decidedByHand(db: Kysely<unknown>): Promise<ByHand> {
  const { rows } = await sql<Decision>`
    select id::text as id, action, pairs, undoes::text as undoes from identity_decision
    where by <> 'rule' order by identity_decision.id`.execute(db)
  const undone = new Set(rows.flatMap(({ undoes }) => undoes ?? []))
  return constraintsOf(rows.filter(({ id, undoes }) => undoes === null && !undone.has(id)))
}

/** What no party may have: rows, transitions or identifiers without a living party. */
export async function strays(db: Kysely<unknown>, { version }: ServingModel): Promise<string[]> {
  const { rows } = await sql<{ stray: string }>`
    select 'state of ' || party_id as stray from ${sql.table(`relationship_${version}`)} r
      where not exists (select 1 from party p where p.id = r.party_id and p.merged_into is null)
    union all select 'transition of ' || party_id from transition t
      where not exists (select 1 from party p where p.id = t.party_id and p.merged_into is null)
    union all select 'identifier of ' || party_id from identifier i
      where not exists (select 1 from party p where p.id = i.party_id and p.merged_into is null)
    union all select 'kind of ' || party_id from ${sql.table(`relationship_${version}`)} r
      join party p on p.id = r.party_id where p.kind <> r.kind`.execute(db)
  return rows.map(({ stray }) => stray)
}
