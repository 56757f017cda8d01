/**
 * Makes a company of any size out of the demo: every party, its identifiers, memberships, state and
 * transitions again and again under other ids and names, set-based in the store's real schema. So
 * lives, rungs and row widths are those that the pipeline made. Of touchpoints only some, for reach.
 */
import type { BenchServer } from './start-server.ts'

export interface Made {
  readonly persons: number
  readonly accounts: number
  readonly identifiers: number
  readonly transitions: number
  readonly touchpoints: number
}

/** Enough for a month of a company whose visitors are mostly not new. */
const mostTouchpoints = 2_000_000

export async function multiplyPeople(server: BenchServer, people: number): Promise<Made> {
  const { askStore } = server
  const { persons } = await askStore<{ persons: number }>(
    `select count(*)::int as persons from party where kind = 'person' and merged_into is null`,
  )
  const copies = Math.max(1, Math.ceil(people / persons) - 1)
  for (const [what, statement] of Object.entries(await statements(server, copies))) {
    process.stderr.write(`  ${what} ...\n`)
    for (const one of [statement].flat()) await askStore(one)
  }
  return askStore<Made>(`select
    (select count(*)::int from party where kind = 'person' and merged_into is null) as persons,
    (select count(*)::int from party where kind = 'account') as accounts,
    (select count(*)::int from identifier) as identifiers,
    (select count(*)::int from transition) as transitions,
    (select count(*)::int from touchpoint) as touchpoints`)
}

async function statements(
  { askStore }: BenchServer,
  copies: number,
): Promise<Readonly<Record<string, string | readonly string[]>>> {
  const { name: table } = await askStore<{ name: string }>(
    `select 'relationship_' || version as name from model where state = 'serving'`,
  )
  const { columns } = await askStore<{ columns: string[] }>(`
    select array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns where table_name = '${table}' and is_generated = 'NEVER'`)
  const { month } = await askStore<{ month: number }>(
    `select count(*)::int as month from touchpoint where occurred_at > now() - interval '31 days'`,
  )
  const { before } = await askStore<{ before: number }>(
    'select pg_current_xact_id()::text::bigint as before',
  )
  const touchpointCopies = Math.min(copies, Math.floor(mostTouchpoints / Math.max(1, month)))
  const k = `generate_series(1, ${copies}) as k`
  // Whoever is copied was last seen, and moved, some hours earlier, so that nobody stands in a row.
  const changed: Readonly<Record<string, string>> = {
    party_id: again('party_id'),
    m__last_seen: 'm__last_seen - 3600000 * (k % 700)',
    wake_at: `wake_at + interval '1 day'`,
  }
  return {
    parties: `
      with names as (select array_agg(distinct split_part(display_name, ' ', 2)) as family
        from party where kind = 'person' and display_name ~ '^\\w+ \\w+$')
      insert into party (id, kind, display_name, created_at)
      select ${again('id')}, kind, case
          when kind = 'person' and display_name ~ '^\\w+ \\w+$' then split_part(display_name, ' ', 1)
            || ' ' || family[1 + (hashtext(id::text || k) & 2147483647) % cardinality(family)]
          else display_name || ' ' || k end, created_at
      from party, names, ${k} where merged_into is null`,
    identifiers: `
      insert into identifier (subject_id, namespace, value, party_id, home_party_id, first_seen_at, shared)
      select ${again('subject_id')}, namespace, case when namespace = 'email'
          then replace(value, '@', k || '@') else value || '-' || k end,
        ${again('party_id')}, ${again('party_id')}, first_seen_at, shared
      from identifier, ${k}`,
    memberships: `
      insert into membership (person_subject_id, account_subject_id, first_at)
      select ${again('person_subject_id')}, ${again('account_subject_id')}, first_at
      from membership, ${k}`,
    states: `
      insert into ${table} (${columns.join(', ')})
      select ${columns.map((column) => changed[column] ?? column).join(', ')} from ${table}, ${k}`,
    transitions: `
      insert into transition (party_id, at, what, from_value, to_value, direction, because)
      select ${again('party_id')}, at - (k % 700) * interval '1 hour', what, from_value, to_value,
        direction, because
      from transition, ${k} order by 2`,
    // A transaction each, for one is never cut on the way to the lens.
    touchpoints: Array.from(
      { length: touchpointCopies },
      (_, i) => `
      insert into touchpoint (subject_id, occurred_at, id, received_at, source_id, type, kind, event,
        channel, bot, amount_minor, currency, score, sentiment, properties, context)
      select ${again('subject_id')}, occurred_at, ${again('id')}, received_at, source_id, type, kind,
        event, channel, bot, amount_minor, currency, score, sentiment, properties, context
      from touchpoint, (select ${i + 1} as k) as copy
      where occurred_at > now() - interval '31 days' and transaction_id::text::bigint < ${before} order by 2`,
    ),
    'vacuum and statistics': 'vacuum analyze',
  }
}

/** Another id for each copy, the same wherever it stands; of version 8, as all of ours. */
const again = (column: string): string =>
  `overlay(overlay(md5(${column}::text || ':' || k) placing '8' from 13) placing 'a' from 17)::uuid`
