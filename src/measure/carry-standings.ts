/** A new model's table takes over who stood where since when, and settles everybody. */
import { sql } from 'kysely'
import { rowsOfParties, writeStandings } from './relationship-queries.ts'
import { relationshipTable } from '../relationship/postgres.ts'
import { settle } from './standing-row.ts'
import type { Kysely } from 'kysely'
import type { ServingModel } from './serving-model.ts'

/** Copies rung (by its id), health and since-when of rows that have no standing yet. */
export async function carryStandings(
  db: Kysely<unknown>,
  from: ServingModel,
  to: ServingModel,
): Promise<void> {
  const places = from.compiled.rungs.map(({ id }) =>
    to.compiled.rungs.findIndex((rung) => rung.id === id),
  )
  await sql`
    update ${sql.table(relationshipTable(to.version))} n set
      rung = greatest(0, m.place), rung_since = o.rung_since, health = o.health, health_since = o.health_since
    from ${sql.table(relationshipTable(from.version))} o
    join unnest(${places}::int[]) with ordinality as m (place, number) on m.number = o.rung + 1
    where n.party_id = o.party_id and n.rung_since = to_timestamp(0)`.execute(db)
}

const rowsAtOnce = 2_000

/**
 * Settles all rows by page. What changed when is not told here: it is not certain yet that this model
 * will serve, and once it does, everybody's history is written anew.
 */
export async function settleEverybody(
  db: Kysely<unknown>,
  model: ServingModel,
  clock: () => number,
  onSettled: (done: number) => void,
): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  let done = 0
  for (;;) {
    const { rows: page } = await sql<{ id: string }>`
      select party_id as id from ${sql.table(relationshipTable(model.version))}
      where party_id > ${after}::uuid order by party_id limit ${rowsAtOnce}`.execute(db)
    if (page.length === 0) return
    after = page.at(-1)?.id ?? after
    const now = clock()
    const rows = await rowsOfParties(
      db,
      model,
      page.map(({ id }) => id),
    )
    const moment = { now, at: now, because: null }
    const settled = rows.map((row) => settle(model.compiled, row, moment))
    await writeStandings(
      db,
      model.version,
      settled.flatMap(({ standing }) => standing ?? []),
    )
    done += page.length
    onSettled(done)
  }
}
