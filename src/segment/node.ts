/** A condition, ready to be asked: of one party here, of everybody in SQL. */
import { sql } from 'kysely'
import type { Facts, Question, Verdict } from './facts.ts'
import type { Needs } from './needs.ts'
import type { PartyKind } from '../domain/view.ts'
import type { Touchpoint } from '../domain/touchpoint.ts'
import type { Sql } from './comparison.ts'

export interface SegmentCondition {
  /** As a person reads it. */
  readonly says: string
  readonly needs: Needs
  /** What is asked first, where one answer may spare the others: 0 state, 1 other tables, 2 the log. */
  readonly cost: number
  readonly combinator: 'and' | 'or' | null
  readonly not: boolean
  readonly parts: readonly SegmentCondition[]
  /** Those of which every one must hold: its own parts where it is an "and", else only itself. */
  readonly conjuncts: readonly SegmentCondition[]
  /** What one more touchpoint can do to it, of conditions on a history; null of all others. */
  readonly effect: ((touchpoint: Touchpoint) => Effect) | null
  verdict(facts: Facts, question: Question): Verdict
  /** What was found, as a person reads it. */
  found(facts: Facts, question: Question): string | null
  /** The same verdict as float8, never null. Its size may be smaller, never greater. */
  sql(scope: SqlScope): Sql
  /** Where time alone changes nothing: whether it holds. Null says no. */
  readonly holdsSql: ((scope: SqlScope) => Sql) | null
}

/**
 * What one more touchpoint in a history, whatever else is in it, can do to a condition: nothing;
 * have it hold where it did not or for longer, never the opposite; anything.
 */
export type Effect = 'none' | 'more' | 'any'

/** A question about everybody: rows of the relationship table under an alias, and what is joined. */
export interface SqlScope {
  readonly now: number
  /** Name of the relationship table. */
  readonly table: string
  /** The row in question. */
  readonly row: string
  readonly kind: PartyKind
  /** Selects the parties that matter, where not all do. */
  readonly only: Sql | null
  /** Adds a query of one row a party (column party_id) and gives the alias it is left-joined under. */
  join(query: Sql): string
}

type Leaf = Pick<SegmentCondition, 'says' | 'needs' | 'cost' | 'verdict'> &
  (Pick<SegmentCondition, 'sql'> | { readonly holdsSql: (scope: SqlScope) => Sql }) &
  Partial<Pick<SegmentCondition, 'found' | 'parts' | 'effect' | 'conjuncts'>>

export function leaf(given: Leaf): SegmentCondition {
  const alone: SegmentCondition[] = []
  const usual = { combinator: null, not: false, parts: [], conjuncts: alone, effect: null } as const
  const inSql =
    'sql' in given
      ? { sql: given.sql, holdsSql: null }
      : { sql: (scope: SqlScope) => alwaysSql(given.holdsSql(scope)) }
  const self: SegmentCondition = { ...usual, holdsSql: null, found: () => null, ...given, ...inSql }
  alone.push(self)
  return self
}

export const infinity = sql`'infinity'::float8`
export const alwaysSql = (holds: Sql): Sql =>
  sql`(case when ${holds} then ${infinity} else -${infinity} end)`
export const column = (scope: SqlScope, name: string): Sql => sql.ref(`${scope.row}.${name}`)
/** Milliseconds since 1970 of a timestamptz. (extract() would make a numeric, which is slower.) */
export const millisecondsOf = (time: Sql): Sql => sql`round(date_part('epoch', ${time}) * 1000)`
