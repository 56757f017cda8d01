/** A condition asked of everybody at once, or of an even sample: one SQL query. */
import { sql } from 'kysely'
import { relationshipTable } from '../relationship/postgres.ts'
import type { ModelInForce } from './catalogue.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition } from './node.ts'
import type { Sql } from './comparison.ts'

export interface Everybody {
  readonly model: ModelInForce
  readonly kind: PartyKind
  readonly now: number
  /** Selects the parties to ask (a query of party_id); null for all. */
  readonly only: Sql | null
}

/** Rows (party_id, verdict); `verdict` as in facts.ts. */
export function verdictsSql(
  condition: SegmentCondition,
  { model, kind, now, only }: Everybody,
): Sql {
  const joins: { name: string; query: Sql }[] = []
  const table = relationshipTable(model.version)
  const verdict = condition.sql({
    ...{ now, table, row: 'r', kind, only },
    join: (query) => {
      const name = `join_${joins.length + 1}`
      joins.push({ name, query })
      return name
    },
  })
  const joined = joins.map(
    ({ name, query }) =>
      sql`left join (${query}) as ${sql.ref(name)} on ${sql.ref(name)}.party_id = r.party_id`,
  )
  return sql`select r.party_id, ${verdict} as verdict from ${sql.table(table)} r
    ${joined.length > 0 ? sql.join(joined, sql` `) : sql``}
    where r.kind = ${kind} ${only === null ? sql`` : sql`and r.party_id in (${only})`}`
}
