/** Reads what segments need to know of some parties: a few set-based queries, whoever many they are. */
import { sql } from 'kysely'
import { noPredictions, readPredictions } from './read-predictions.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import { stateFromRow } from '../relationship/fold.ts'
import { textArray, uuidArray } from '../store/array-literal.ts'
import type { Facts, StandingFacts } from './facts.ts'
import type { HistoryNeeds, Needs } from './needs.ts'
import type { HealthColour, PartyKind } from '../domain/view.ts'
import type { Json, JsonObject, Touchpoint } from '../domain/touchpoint.ts'
import type { Kysely } from 'kysely'
import type { ModelInForce } from './catalogue.ts'

export interface Reading {
  readonly needs: Needs
  readonly now: number
  /** Whether to read histories where they are needed; else they stay unknown. */
  readonly histories: boolean
  /** Rows that were just written, with all that is asked of them. */
  readonly known?: ReadonlyMap<string, StandingFacts>
  /** Parties of whom what just came is all there is, and what came of all others. */
  readonly newcomers?: ReadonlySet<string>
  readonly recent?: (partyId: string) => readonly Touchpoint[]
}

/** Parties that have no row in the relationship table are left out. */
export async function readFacts(
  db: Kysely<unknown>,
  model: ModelInForce,
  partyIds: readonly string[],
  reading: Reading,
): Promise<Map<string, Facts>> {
  const { needs, histories, newcomers, recent = noTouchpoints } = reading
  const standings = await standingsOf(db, model, partyIds, reading)
  const ids = standings.map(({ partyId }) => partyId)
  const traits = await readTraits(db, ids, needs.traits)
  const predictions = await readPredictions(db, ids, needs.predictions)
  const subjects = needs.subjects ? await readSubjects(db, ids) : new Map()
  const history =
    needs.history && histories ? await readHistories(db, standings, needs.history, reading.now) : null
  const accounts = needs.accounts
    ? await readAccounts(db, model, ids, { needs: needs.accounts, now: reading.now, histories })
    : new Map<string, Facts[]>()
  const historyOf = (partyId: string): readonly Touchpoint[] | null => {
    if (newcomers?.has(partyId)) return recent(partyId).toSorted(inOrder)
    return needs.history && !histories ? null : (history?.get(partyId) ?? [])
  }
  const factsOf = (standing: StandingFacts): Facts => {
    const { partyId, kind, rung, rungSince, health, healthSince, persona, personaFit, state } = standing // prettier-ignore
    return {
      ...{ partyId, kind, rung, rungSince, health, healthSince, persona, personaFit, state },
      traits: traits.get(partyId) ?? noTraits,
      predictions: predictions.get(partyId) ?? noPredictions,
      subjects: (subjects.get(partyId) as Set<string> | undefined) ?? noSubjects,
      accounts: accounts.get(partyId) ?? none,
      history: historyOf(partyId),
      recent: recent(partyId),
    }
  }
  return new Map(standings.map((standing) => [standing.partyId, factsOf(standing)]))
} // prettier-ignore

const noTouchpoints = (): readonly Touchpoint[] => none
const none: readonly never[] = []
/** As the log is read. */
const inOrder = (one: Touchpoint, other: Touchpoint): number =>
  one.occurredAt - other.occurredAt || (one.id < other.id ? -1 : 1)

/** What is known already is not read again. */
async function standingsOf(
  db: Kysely<unknown>,
  model: ModelInForce,
  partyIds: readonly string[],
  { needs, known }: Reading,
): Promise<StandingFacts[]> {
  if (!known) return readStandings(db, model, partyIds, needs)
  const missing = partyIds.filter((id) => !known.has(id))
  const rows = await readStandings(db, model, missing, needs)
  const read = new Map(rows.map((row) => [row.partyId, row]))
  return partyIds.flatMap((id) => known.get(id) ?? read.get(id) ?? [])
}

/** The same facts with the histories that were not read at first. */
export async function withHistories(
  db: Kysely<unknown>,
  known: readonly Facts[],
  needs: Needs,
  now: number,
): Promise<Map<string, Facts>> {
  const histories = needs.history ? await readHistories(db, known, needs.history, now) : null
  const accounts = new Map(
    known.flatMap((facts) => facts.accounts.map((account) => [account.partyId, account] as const)),
  )
  const told =
    needs.accounts && accounts.size > 0
      ? await withHistories(db, [...accounts.values()], needs.accounts, now)
      : accounts
  return new Map(
    known.map((facts) => [
      facts.partyId,
      {
        ...facts,
        accounts: facts.accounts.map((account) => told.get(account.partyId) ?? account),
        history: histories?.get(facts.partyId) ?? [],
      },
    ]),
  )
}

const noTraits: ReadonlyMap<string, Json> = new Map()
const noSubjects: ReadonlySet<string> = new Set()

/** Locks rows as the measure room does: persons first and then accounts, each by their ids. */
export async function lockParties(
  db: Kysely<unknown>,
  { version }: ModelInForce,
  partyIds: readonly string[],
): Promise<void> {
  await sql`
    select 1 from ${sql.table(relationshipTable(version))}
    where party_id = any(${uuidArray(partyIds)}::uuid[]) order by kind desc, party_id
    for update`.execute(db)
}

async function readStandings(
  db: Kysely<unknown>,
  { version, compiled }: ModelInForce,
  partyIds: readonly string[],
  needs: Needs,
): Promise<StandingFacts[]> {
  if (partyIds.length === 0) return []
  const columns = [...needs.measures].flatMap((index) => compiled.measures[index]?.columns ?? [])
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join([...standingColumns, ...columns].map((name) => sql.ref(name)))}
    from ${sql.table(relationshipTable(version))}
    where party_id = any(${uuidArray(partyIds)}::uuid[])`.execute(db)
  return rows.map((row) => ({
    partyId: row['party_id'] as string,
    kind: row['kind'] as PartyKind,
    rung: row['rung'] as number,
    rungSince: (row['rung_since'] as Date).getTime(),
    health: row['health'] as HealthColour,
    healthSince: (row['health_since'] as Date).getTime(),
    persona: row['persona'] as string | null,
    personaFit: row['persona_fit'] as number,
    state: stateFromRow(compiled, row),
  }))
}

const standingColumns = ['party_id', 'kind', 'rung', 'rung_since', 'health', 'health_since', 'persona', 'persona_fit'] // prettier-ignore

async function readTraits(
  db: Kysely<unknown>,
  partyIds: readonly string[],
  keys: ReadonlySet<string>,
): Promise<Map<string, Map<string, Json>>> {
  const traits = new Map<string, Map<string, Json>>()
  if (keys.size === 0 || partyIds.length === 0) return traits
  const { rows } = await sql<{ partyId: string; key: string; value: Json }>`
    select distinct on (i.party_id, t.key) i.party_id as "partyId", t.key, t.value
    from identifier i join trait t using (subject_id)
    where i.party_id = any(${uuidArray(partyIds)}::uuid[]) and t.key = any(${textArray([...keys])}::text[])
    order by i.party_id, t.key, t.at desc, t.touchpoint_id desc`.execute(db)
  for (const { partyId, key, value } of rows) {
    const own = traits.get(partyId) ?? new Map<string, Json>()
    traits.set(partyId, own.set(key, value))
  }
  return traits
}

async function readSubjects(
  db: Kysely<unknown>,
  partyIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<{ partyId: string; subjects: string[] }>`
    select party_id as "partyId", array_agg(subject_id::text) as subjects from identifier
    where party_id = any(${uuidArray(partyIds)}::uuid[]) group by party_id`.execute(db)
  return new Map(rows.map(({ partyId, subjects }) => [partyId, new Set(subjects)]))
}

async function readAccounts(
  db: Kysely<unknown>,
  model: ModelInForce,
  personIds: readonly string[],
  reading: Reading,
): Promise<Map<string, Facts[]>> {
  const pairs = await accountsOf(db, personIds)
  const ids = [...new Set(pairs.map(({ accountId }) => accountId))]
  const facts = await readFacts(db, model, ids, reading)
  const accounts = new Map<string, Facts[]>()
  for (const { personId, accountId } of pairs) {
    const found = facts.get(accountId)
    if (found) accounts.set(personId, [...(accounts.get(personId) ?? []), found])
  }
  return accounts
}

export async function accountsOf(
  db: Kysely<unknown>,
  personIds: readonly string[],
): Promise<{ personId: string; accountId: string }[]> {
  if (personIds.length === 0) return []
  const { rows } = await sql<{ personId: string; accountId: string }>`
    select distinct p.party_id as "personId", a.party_id as "accountId"
    from identifier p join membership m on m.person_subject_id = p.subject_id
    join identifier a on a.subject_id = m.account_subject_id
    where p.party_id = any(${uuidArray(personIds)}::uuid[])`.execute(db)
  return rows
}

export async function personsOf(
  db: Kysely<unknown>,
  accountIds: readonly string[],
): Promise<string[]> {
  if (accountIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select distinct p.party_id as id
    from identifier a join membership m on m.account_subject_id = a.subject_id
    join identifier p on p.subject_id = m.person_subject_id
    where a.party_id = any(${uuidArray(accountIds)}::uuid[])`.execute(db)
  return rows.map(({ id }) => id)
}

type LogRow = Omit<Touchpoint, 'occurredAt' | 'receivedAt'> & {
  readonly partyId: string
  readonly occurredAt: Date
}

/** Along the index of each identifier, and only what the rules ask for. */
async function readHistories(
  db: Kysely<unknown>,
  parties: readonly StandingFacts[],
  needs: HistoryNeeds,
  now: number,
): Promise<Map<string, Touchpoint[]>> {
  const histories = new Map<string, Touchpoint[]>()
  for (const kind of ['person', 'account'] as const) {
    const ids = parties.filter((party) => party.kind === kind).map(({ partyId }) => partyId)
    if (ids.length === 0) continue
    const owner =
      kind === 'person'
        ? sql`select party_id, subject_id from identifier where party_id = any(${uuidArray(ids)}::uuid[])`
        : sql`select distinct a.party_id, p.subject_id from identifier a
            join membership m on m.account_subject_id = a.subject_id
            join identifier named on named.subject_id = m.person_subject_id
            join identifier p on p.party_id = named.party_id
            where a.party_id = any(${uuidArray(ids)}::uuid[])`
    const bodies = needs.bodies ? sql`t.properties, t.context` : sql`'{}'::json as properties, '{}'::json as context` // prettier-ignore
    const { rows } = await sql<LogRow>`
      select o.party_id as "partyId", t.id, t.subject_id as "subjectId", t.occurred_at as "occurredAt",
        t.source_id as "sourceId", t.type, t.kind, t.event, t.channel, t.bot,
        t.amount_minor as "amountMinor", t.currency, t.score, t.sentiment, ${bodies}
      from (${owner}) as o cross join lateral (
        select * from touchpoint t where t.subject_id = o.subject_id and not t.bot
          ${needs.kinds === null ? sql`` : sql`and t.kind = any(${textArray([...needs.kinds])}::text[])`}
          ${needs.back === Infinity ? sql`` : sql`and t.occurred_at > to_timestamp(${(now - needs.back) / 1000}::float8)`}
        -- Each along its own index, whatever the planner thinks of a table that grew since it was told.
        offset 0) as t
      order by o.party_id, t.occurred_at, t.id`.execute(db)
    for (const { partyId, occurredAt, ...row } of rows) {
      const at = occurredAt.getTime()
      const touchpoint: Touchpoint = {
        ...row,
        occurredAt: at,
        receivedAt: at,
        properties: row.properties as JsonObject,
      }
      const own = histories.get(partyId)
      if (own) own.push(touchpoint)
      else histories.set(partyId, [touchpoint])
    }
  }
  return histories
}

/** As many as are rewritten in one transaction, and in the same order. */
const historiesAtOnce = 40

/** Parties whose standing is about to be written anew from their history. */
export async function partiesWithHistoryDue(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select party_id as id from history_due order by party_id limit ${historiesAtOnce}`.execute(db)
  return rows.map(({ id }) => id)
}
