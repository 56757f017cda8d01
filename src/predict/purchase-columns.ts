/**
 * Purchases of each person as the models of buying till you die take them: a day on which something was
 * paid is one purchase; the first is the birth, those after it are repeats (Fader, Hardie and Lee 2005,
 * section 2). Days are in UTC. As of a cut-off nothing later is looked at; what came after it stands in
 * columns of its own.
 */
import { readColumns, type PartyColumns } from './lens-columns.ts'
import { purchaseKinds } from './purchase-kinds.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { LensParameter, LensReader } from '../store/lens-reader.ts'

/** Columns of `readPurchases`; all days are counted from 1970. */
export const purchaseColumnNames = [
  'first', 'last', 'days', 'spent',
  'last_before', 'days_before', 'spent_before',
  'days_just_before', 'spent_just_before', 'days_after', 'spent_after',
] as const // prettier-ignore
export type PurchaseColumn = (typeof purchaseColumnNames)[number]

export interface PurchaseQuestion {
  readonly history: string
  /** Nothing of this day or later is known: days since 1970. */
  readonly today: number
  readonly horizonDays: number
  readonly factors: CurrencyFactors
}

/**
 * Everybody who ever bought, one row each. `*_before` is as of the cut-off `today - horizon`,
 * `*_just_before` the horizon before it, `*_after` the horizon since it. Spent is in major units of the
 * base currency, without what has no known rate.
 */
export function readPurchases(
  reader: LensReader,
  { history, today, horizonDays, factors }: PurchaseQuestion,
): Promise<PartyColumns> {
  const cut = today - horizonDays
  const { factor, parameters } = toBase(factors)
  const query = `
    select party_id,
      toFloat64(min(day)), toFloat64(max(day)), toFloat64(count()), toFloat64(sum(spent)),
      toFloat64(maxIf(day, day < {cut: Int32})), toFloat64(countIf(day < {cut: Int32})), toFloat64(sumIf(spent, day < {cut: Int32})),
      toFloat64(countIf(day < {cut: Int32} and day >= {early: Int32})), toFloat64(sumIf(spent, day < {cut: Int32} and day >= {early: Int32})),
      toFloat64(countIf(day >= {cut: Int32})), toFloat64(sumIf(spent, day >= {cut: Int32}))
    from (
      select party_id, toInt32(toDate(occurred_at)) as day, sum(ifNull(amount_minor, 0) * ${factor}) as spent
      from ${history}
      where kind in {kinds: Array(String)} and toInt32(toDate(occurred_at)) < {today: Int32}
      group by party_id, day
    )
    group by party_id
    order by party_id`
  return readColumns(reader, {
    query,
    parameters: { ...parameters, cut, early: cut - horizonDays, today, kinds: [...purchaseKinds] },
    names: purchaseColumnNames,
    width: 8,
  })
}

/** An expression for what one minor unit of a row's currency is worth. */
export function toBase(factors: CurrencyFactors): {
  factor: string
  parameters: Record<string, LensParameter>
} {
  return {
    factor: 'transform(toString(currency), {codes: Array(String)}, {rates: Array(Float64)}, 0.)',
    parameters: { codes: [...factors.keys()], rates: [...factors.values()] },
  }
}
