/**
 * Rules on what is predicted: against the score as it is stored, so that an answer stands until the next
 * scoring. Who has no score fulfils none of them but "is not".
 */
import { sql } from 'kysely'
import { always } from './facts.ts'
import { compileComparison } from './comparison.ts'
import { leaf } from './node.ts'
import { minorDigits } from '../domain/currency.ts'
import { noNeeds } from './needs.ts'
import { quantityIdOf, quantityNames } from '../domain/quantity.ts'
import { RapportError } from '../domain/error.ts'
import { restricted } from './party-rules.ts'
import { words } from './says.ts'
import type { QuantityUnit } from '../domain/prediction-view.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'

/** Stored in this part of what a rule says: chances in per cent, money in whole units. */
function timesOf(unit: QuantityUnit, currency: string): number {
  if (unit === 'chance') return 100
  return unit === 'money' ? 10 ** -minorDigits(currency) : 1
}

export const predictionUnit = (unit: QuantityUnit, currency: string): string =>
  unit === 'chance' ? '%' : unit === 'money' ? currency : ''

export function predictionRule(rule: SegmentRule, currency: string): SegmentCondition {
  const id = quantityIdOf(rule.field.slice('prediction.'.length))
  if (id === null) throw new RapportError('invalid_segment', `There is no field "${rule.field}".`)
  const { name, unit } = quantityNames[id]
  const times = timesOf(unit, currency)
  const comparison = compileComparison(rule.operator, rule.value as number)
  return leaf({
    says: words(`Prediction: ${name}`, rule, predictionUnit(unit, currency)),
    needs: { ...noNeeds, predictions: new Set([id]) },
    cost: 1,
    verdict: ({ predictions }) => {
      const value = predictions.get(id)
      return always(comparison.holds(value === undefined ? undefined : value * times))
    },
    found: ({ predictions }) => {
      const value = predictions.get(id)
      if (value === undefined) return 'no score yet'
      return `${Math.round(value * times * 100) / 100} ${predictionUnit(unit, currency)}`.trim()
    },
    holdsSql: (scope) => {
      const joined = scope.join(sql`
        select q.party_id, q.value * ${times}::float8 as value from prediction q
        where q.quantity = ${id} ${restricted(scope, sql`q.party_id`)}`)
      const value = sql.ref(`${joined}.value`)
      const nothing = { text: sql`null::text`, boolean: sql`null::boolean` }
      return sql`(${comparison.sql({ ...nothing, number: value, exists: sql`(${value} is not null)` })})`
    },
  })
}
