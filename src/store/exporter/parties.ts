/**
 * Where parties stand, and which identifiers went to another party. Both are copied again and again
 * and the newest version counts, so nothing is lost or doubled whatever is interrupted.
 */
import { copyRows, moment } from './copy-rows.ts'
import { clusterClause } from '../lens-shape.ts'
import { storedTable } from '../lens-tables.ts'
import type { ClickHouseClient } from '@clickhouse/client'
import type { LensEngine } from '../lens-shape.ts'
import type { PoolClient } from 'pg'

/** What the lens needs to know of the model in force. */
export interface LensModel {
  readonly version: number
  /** Ids of the rungs, lowest first. */
  readonly rungs: readonly string[]
}

export interface StateCopy {
  readonly client: PoolClient
  readonly lens: ClickHouseClient
  readonly model: LensModel
  /** Changes of transactions before it are in the lens. 0 copies everybody. */
  readonly since: number
  /** Above that of any copy before. */
  readonly version: number
}

/**
 * Copies identifiers that moved since. Gives the parties that they came from: those stand elsewhere
 * now, though nothing that was written of them may say so.
 */
export async function copyAliases({ client, lens, since, version }: StateCopy): Promise<string[]> {
  const { rows } = await client.query<{ subjectId: string; partyId: string; home: string }>(
    `select subject_id as "subjectId", party_id as "partyId", home_party_id as home
     from identifier where moved_in >= $1`,
    [since],
  )
  if (rows.length === 0) return []
  const before = await partiesInLens(lens, rows.map(({ subjectId }) => subjectId)) // prettier-ignore
  await lens.insert({
    table: 'alias',
    values: rows.map(({ subjectId, partyId }) => ({
      subject_id: subjectId,
      party_id: partyId,
      version,
    })),
    format: 'JSONEachRow',
  })
  return [...new Set([...before, ...rows.flatMap(({ partyId, home }) => [partyId, home])])]
}

async function partiesInLens(
  lens: ClickHouseClient,
  subjects: readonly string[],
): Promise<string[]> {
  const result = await lens.query({
    query: `select distinct party_id as id from stored_touchpoint where subject_id in {subjects: Array(UUID)}
      union distinct select party_id from alias where subject_id in {subjects: Array(UUID)}`,
    query_params: { subjects: [...subjects] },
    format: 'JSONEachRow',
  })
  return (await result.json<{ id: string }>()).map(({ id }) => id)
}

const columns = [
  'party_id', 'version', 'alive', 'kind', 'name', 'rung', 'rung_since', 'health', 'health_since', 'persona',
  'persona_fit', 'accounts', 'traits', 'move_at', 'move_what', 'move_from', 'move_to', 'move_direction',
] as const // prettier-ignore

/** Parties an insert: chDB takes one as a text, and no text has more than half a gigabyte. */
const partiesAtOnce = 50_000

/** Copies every party of which anything changed since, and `others`. Gives how many. */
export async function copyParties(
  { client, lens, model, since, version }: StateCopy,
  others: readonly string[],
): Promise<number> {
  await client.query('begin isolation level repeatable read')
  try {
    await client.query(
      'create temporary table lens_due (place bigserial primary key, id uuid) on commit drop',
    )
    const { rowCount } = await client.query(
      since === 0 ? everybody : changedSince,
      since === 0 ? [] : [since, others],
    )
    await client.query('analyze lens_due')
    const due = rowCount ?? 0
    let copied = 0
    for (let from = 0; from < due; from += partiesAtOnce) {
      copied += await copyRows(client, lens, {
        select: selectOf(model, { version, from, to: from + partiesAtOnce }),
        table: 'party',
        columns,
        token: `parties ${version} ${from}`,
      })
    }
    await client.query('commit')
    return copied
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

const everybody = `insert into lens_due (id) select id from party`

/** An account is the merge of its people, so it changes with them. */
const changedSince = `
  with changed as (
    select i.party_id as id from touchpoint t join identifier i using (subject_id)
      where t.transaction_id::text::bigint >= $1
    union select party_id from identifier where moved_in >= $1
    union select p.id from identifier i join party p on p.merged_into = i.party_id
      where i.moved_in >= $1
    union select party_id from transition where transaction_id::text::bigint >= $1
    union select unnest($2::uuid[]))
  insert into lens_due (id)
  select id from changed
  union select account.party_id from changed
    join identifier person on person.party_id = changed.id
    join membership m on m.person_subject_id = person.subject_id
    join identifier account on account.subject_id = m.account_subject_id`

/** Rung ids are names of the model (letters, digits, _), checked when it was parsed. */
function selectOf(
  { version: model, rungs }: LensModel,
  { version, from, to }: { readonly version: number; readonly from: number; readonly to: number },
): string {
  const rungList = `array[${rungs.map((rung) => `'${rung.replaceAll(/\W/g, '')}'`).join(', ')}]`
  const list = (values: string, order: string): string =>
    `'[' || coalesce(string_agg(${values}, ',' order by ${order}), '') || ']'`
  const quoted = (text: string): string =>
    `'''' || replace(replace(coalesce(${text}, ''), '\\', '\\\\'), '''', '\\''') || ''''`
  return `
  select d.id, ${Math.trunc(version)}, r.party_id is not null and p.merged_into is null,
    coalesce(p.kind, 'person'), coalesce(p.display_name, ''), coalesce((${rungList})[r.rung + 1], ''),
    ${moment('coalesce(r.rung_since, to_timestamp(0))')}, coalesce(r.health, ''),
    ${moment('coalesce(r.health_since, to_timestamp(0))')}, coalesce(r.persona, ''),
    coalesce(r.persona_fit, 0), coalesce(a.accounts, '[]'), coalesce(tr.traits, '{}'),
    coalesce(m.at, '[]'), coalesce(m.what, '[]'), coalesce(m.from_value, '[]'), coalesce(m.to_value, '[]'),
    coalesce(m.direction, '[]')
  from lens_due d
  left join party p on p.id = d.id
  left join relationship_${Math.trunc(model)} r on r.party_id = d.id
  left join lateral (
    select ${list(`quote_literal(${moment('t.at')})`, 't.at, t.id')} as at,
      ${list(quoted('t.what'), 't.at, t.id')} as what,
      ${list(quoted('t.from_value'), 't.at, t.id')} as from_value,
      ${list(quoted('t.to_value'), 't.at, t.id')} as to_value,
      ${list('t.direction::text', 't.at, t.id')} as direction
    from transition t where t.party_id = d.id) m on true
  left join lateral (
    select '[' || string_agg(distinct quote_literal(ai.party_id::text), ',') || ']' as accounts
    from identifier pi join membership ms on ms.person_subject_id = pi.subject_id
    join identifier ai on ai.subject_id = ms.account_subject_id
    where pi.party_id = d.id) a on true
  left join lateral (
    select json_object_agg(key, value)::text as traits from (
      select distinct on (t.key) t.key, t.value from identifier ti join trait t using (subject_id)
      where ti.party_id = d.id order by t.key, t.at desc, t.touchpoint_id desc) newest) tr on true
  where d.place > ${Math.trunc(from)} and d.place <= ${Math.trunc(to)}`
}

/** Moved identifiers that the next fold takes at most: their ids travel with each change. */
const foldAtMost = 1_000

/**
 * Writes the parties of moved identifiers into their touchpoints and forgets the aliases, so that
 * queries need not join them. Queries answer the same before, during and after.
 */
export async function foldAliases(lens: ClickHouseClient, engine: LensEngine): Promise<number> {
  const result = await lens.query({
    query: `select subject_id as subject, argMax(party_id, version) as party, max(version) as last
      from alias group by subject_id limit ${foldAtMost}`,
    format: 'JSONEachRow',
  })
  const moved = await result.json<{ subject: string; party: string; last: number }>()
  if (moved.length === 0) return 0
  const query_params = {
    subjects: moved.map(({ subject }) => subject),
    parties: moved.map(({ party }) => party),
    last: Math.max(...moved.map(({ last }) => last)),
  }
  const change = async (table: string, what: string): Promise<void> => {
    await lens.command({
      query: `alter table ${storedTable(table, engine)}${clusterClause(engine)} ${what}`,
      query_params,
    })
  }
  await change(
    'touchpoint',
    `update party_id = arrayElement({parties: Array(UUID)}, indexOf({subjects: Array(UUID)}, subject_id))
     where subject_id in {subjects: Array(UUID)}`,
  )
  await change(
    'alias',
    'delete where subject_id in {subjects: Array(UUID)} and version <= {last: UInt64}',
  )
  return moved.length
}
