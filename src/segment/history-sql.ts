/** The log as rules see it: whose touchpoint it is, and what of it has to be read. */
import { sql } from 'kysely'
import { noNeeds } from './needs.ts'
import { restricted } from './party-rules.ts'
import type { CompiledFilter } from './touchpoint-filter.ts'
import type { Needs } from './needs.ts'
import type { Sql } from './comparison.ts'
import type { SqlScope } from './node.ts'

export function historyNeeds(
  filters: readonly CompiledFilter[],
  back: number,
  bodies: boolean,
): Needs {
  const any = filters.some(({ kinds }) => kinds === null)
  const kinds = any ? null : new Set(filters.flatMap(({ kinds: own }) => own ?? []))
  return { ...noNeeds, kinds, history: { kinds, back, bodies } }
}

/** `from ... where`: touchpoints `t` with the party `o.party_id` that they count for. */
export function logOf(scope: SqlScope, where: Sql): Sql {
  const owner =
    scope.kind === 'person'
      ? sql`identifier`
      : sql`(select distinct a.party_id, p.subject_id from identifier a
          join membership m on m.account_subject_id = a.subject_id
          join identifier named on named.subject_id = m.person_subject_id
          join identifier p on p.party_id = named.party_id)`
  return sql`from touchpoint t join ${owner} as o on o.subject_id = t.subject_id
    where ${where} ${restricted(scope, sql`o.party_id`)}`
}
