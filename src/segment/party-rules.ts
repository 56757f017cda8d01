/** Rules about who it is: traits, accounts, other segments, a random share, a fixed list. */
import { hash } from 'node:crypto'
import { sql } from 'kysely'
import { always } from './facts.ts'
import { column, infinity, leaf } from './node.ts'
import { compileComparison, jsonValue } from './comparison.ts'
import { noNeeds } from './needs.ts'
import { uuidArray } from '../store/array-literal.ts'
import { words } from './says.ts'
import type { Facts, Verdict } from './facts.ts'
import type { SegmentCondition, SqlScope } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'

export function traitRule(rule: SegmentRule): SegmentCondition {
  const key = rule.field.slice('trait.'.length)
  const comparison = compileComparison(rule.operator, rule.value as string)
  return leaf({
    says: words(key, rule),
    // Which touchpoints bring traits is not a matter of their kind: the step looks at what they carry.
    needs: { ...noNeeds, traits: new Set([key]) },
    cost: 1,
    verdict: ({ traits }) => always(comparison.holds(traits.get(key))),
    found: ({ traits }) => JSON.stringify(traits.get(key))?.slice(0, 200) ?? 'not known',
    holdsSql: (scope) => {
      const joined = scope.join(sql`
        select distinct on (i.party_id) i.party_id, t.value
        from trait t join identifier i using (subject_id)
        where t.key = ${key}::text ${restricted(scope, sql`i.party_id`)}
        order by i.party_id, t.at desc, t.touchpoint_id desc`)
      return sql`(${comparison.sql(jsonValue(sql.ref(`${joined}.value`)))})`
    },
  })
}

export function restricted({ only }: SqlScope, party: Sql): Sql {
  return only === null ? sql`` : sql`and ${party} in (${only})`
}

/** The inner condition is asked of each account; the person waits for whichever changes first. */
export function accountRule(rule: SegmentRule, inner: SegmentCondition): SegmentCondition {
  const sign = rule.operator === 'none' ? -1 : 1
  const verdict = (facts: Facts, ask: (account: Facts) => Verdict): Verdict =>
    sign * facts.accounts.reduce((most, account) => Math.max(most, ask(account)), -Infinity)
  return leaf({
    says: `${rule.operator === 'none' ? 'Belongs to no account' : 'Belongs to an account'} where ${inner.says}`.slice(0, 300), // prettier-ignore
    needs: { ...noNeeds, accounts: inner.needs },
    cost: inner.cost + 1,
    parts: [inner],
    verdict: (facts, question) => {
      const asked = sign < 0 ? question.flipped : question
      return verdict(facts, (account) => inner.verdict(account, asked))
    },
    found: ({ accounts }) => (accounts.length === 1 ? '1 account' : `${accounts.length} accounts`),
    sql: (scope) => {
      const joins: { name: string; query: Sql }[] = []
      const { only } = scope
      const accounts: SqlScope = {
        ...scope,
        ...{ row: 'account', kind: 'account', only: only === null ? null : accountsOf(only) },
        join: (query) => {
          const name = `part_${joins.length + 1}`
          joins.push({ name, query })
          return name
        },
      }
      const asked = inner.sql(accounts)
      const joined = scope.join(sql`
        select own.party_id, max(${asked}) as verdict
        from (select distinct p.party_id, a.party_id as account_id
          from identifier a join membership m on m.account_subject_id = a.subject_id
          join identifier p on p.subject_id = m.person_subject_id
          where true ${restricted(scope, sql`p.party_id`)}) as own
        join ${sql.table(scope.table)} account on account.party_id = own.account_id
        ${sql.join(
          joins.map(
            ({ name, query }) =>
              sql`left join (${query}) as ${sql.ref(name)} on ${sql.ref(name)}.party_id = account.party_id`,
          ),
          sql` `,
        )}
        group by own.party_id`)
      return sql`(${sign}::float8 * coalesce(${sql.ref(`${joined}.verdict`)}, -${infinity}))`
    },
  })
}

const accountsOf = (persons: Sql): Sql => sql`
  select a.party_id from identifier p
  join membership m on m.person_subject_id = p.subject_id
  join identifier a on a.subject_id = m.account_subject_id where p.party_id in (${persons})`

/** The other segment's own conditions, asked once a party. */
export function nestedRule(
  rule: SegmentRule,
  other: { readonly name: string; readonly condition: SegmentCondition },
): SegmentCondition {
  const sign = rule.operator === 'not_in' ? -1 : 1
  const { condition, name } = other
  const verdict: SegmentCondition['verdict'] = (facts, given) => {
    const question = sign < 0 ? given.flipped : given
    let known = question.memo.get(facts)
    if (!known) question.memo.set(facts, (known = new Map<object, Verdict>()))
    let own = known.get(condition)
    if (own === undefined) known.set(condition, (own = condition.verdict(facts, question)))
    return sign * own
  }
  return leaf({
    says: `${sign > 0 ? 'In' : 'Not in'} the segment "${name}"`,
    needs: condition.needs,
    cost: condition.cost,
    parts: [condition],
    ...(sign > 0 ? { conjuncts: condition.conjuncts } : {}),
    verdict,
    found: (facts, question) => (sign * verdict(facts, question) > 0 ? 'inside' : 'outside'),
    sql: (scope) => sql`(${sign}::float8 * ${condition.sql(scope)})`,
  })
}

/**
 * A random share that stays: the first 32 bits of SHA-256 over salt and party id, as a percentage.
 * Another salt draws another share, independent of the first.
 */
export function bucketRule(rule: SegmentRule): SegmentCondition {
  const { salt = '', operator, value } = rule
  const [from, to] = operator === 'between' ? (value as [number, number]) : [0, value as number]
  return leaf({
    says: `Random share from ${from} % to ${to} %${salt ? ` (${salt})` : ''}`,
    needs: noNeeds,
    cost: 0,
    verdict: ({ partyId }) => {
      const share = bucketOf(salt, partyId)
      return always(share >= from && share < to)
    },
    found: ({ partyId }) => `${bucketOf(salt, partyId).toFixed(2)} %`,
    holdsSql: (scope) => {
      const hashed = sql`sha256(convert_to(${`${salt}:`}::text || ${column(scope, 'party_id')}::text, 'UTF8'))`
      const [first, end] = [beginningOf(from), beginningOf(to)]
      const holds = [
        ...(first === null ? [sql`false`] : [sql`${hashed} >= ${first}::bytea`]),
        ...(end === null ? [] : [sql`${hashed} < ${end}::bytea`]),
      ]
      return sql`(${sql.join(from > 0 ? holds : [...holds.slice(1), sql`true`], sql` and `)})`
    },
  })
}

/**
 * The first four bytes of the least hash whose share is `share` or more; null where none is. Bytes are
 * compared from the left, and a hash is longer than these: that costs a fraction of making numbers of
 * a million hashes.
 */
function beginningOf(share: number): string | null {
  const wanted = share * 2 ** 32
  let least = Math.ceil(wanted / 100)
  // Multiples of 100 below 2^53 are exact; the quotient is not.
  while ((least - 1) * 100 >= wanted) least--
  while (least * 100 < wanted) least++
  return least < 2 ** 32 ? `\\x${least.toString(16).padStart(8, '0')}` : null
}

export function bucketOf(salt: string, partyId: string): number {
  const hashed = hash('sha256', `${salt}:${partyId}`, 'hex')
  return (Number.parseInt(hashed.slice(0, 8), 16) * 100) / 2 ** 32
}

/** By identifiers: whoever they belong to, also after a merge or a split. */
export function listRule(rule: SegmentRule): SegmentCondition {
  const { subjects = [], operator } = rule
  const wanted = new Set(subjects)
  const isIn = operator === 'in'
  return leaf({
    says: `${isIn ? 'On' : 'Not on'} the list of ${subjects.length}`,
    needs: { ...noNeeds, subjects: true },
    cost: 1,
    verdict: (facts) => {
      for (const subject of facts.subjects) if (wanted.has(subject)) return always(isIn)
      return always(!isIn)
    },
    holdsSql: (scope) => {
      const joined = scope.join(sql`select distinct party_id from identifier
        where subject_id = any(${uuidArray(subjects)}::uuid[])`)
      return sql`((${sql.ref(`${joined}.party_id`)} is not null) = ${isIn}::boolean)`
    },
  })
}
