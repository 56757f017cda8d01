/** Simple rules that anybody could make: a share for each of a few groups, as it was before. */
import type { LearningRows } from './learning-rows.ts'
import type { PredictionModelId } from '../domain/prediction-view.ts'

export interface StrataRates {
  readonly name: string
  /** Of the later people, from the shares among the earlier; `base` where a group was empty. */
  readonly forecasts: (early: LearningRows, late: LearningRows, base: number) => Float64Array
}

/** Columns whose values make the groups. */
const strata: Partial<Record<PredictionModelId, { name: string; by: readonly string[] }>> = {
  buy: { name: 'Whether they bought in the 90 days before', by: ['purchases_90'] },
  review: { name: 'Whether they reviewed in the 90 days before', by: ['reviews_90'] },
  refer: { name: 'Whether they recommended in the 90 days before', by: ['referrals_90'] },
  reference: { name: 'Whether they spoke for us in the 90 days before', by: ['references_90'] },
  next_rung: { name: 'The share of their rung', by: ['rung'] },
  churn: { name: 'The share of their rung and health', by: ['rung', 'health'] },
}
/** Counts matter as none or some; rungs and colours as they are. */
const isCount = (column: string): boolean => column.endsWith('_90')

export function strataRates(id: PredictionModelId): StrataRates {
  const { name, by } = strata[id] ?? { name: 'The same as before', by: [] }
  const keyOf = ({ names, columns }: LearningRows): ((row: number) => string) => {
    const used = by.map((column) => ({
      values: columns[names.indexOf(column)] ?? new Float64Array(0),
      counts: isCount(column),
    }))
    return (row) =>
      used.map(({ values, counts }) => (counts ? Number((values[row] ?? 0) > 0) : (values[row] ?? 0))).join(' ') // prettier-ignore
  }
  return {
    name,
    forecasts: (early, late, base) => {
      const groups = new Map<string, { people: number; positives: number }>()
      const keyOfEarly = keyOf(early)
      early.outcomes.forEach((outcome, row) => {
        const key = keyOfEarly(row)
        const group = groups.get(key) ?? { people: 0, positives: 0 }
        group.people += 1
        group.positives += outcome
        groups.set(key, group)
      })
      const keyOfLate = keyOf(late)
      // One more of each kind of the average: a group of one is no certainty.
      return Float64Array.from(late.outcomes, (_outcome, row) => {
        const { people = 0, positives = 0 } = groups.get(keyOfLate(row)) ?? {}
        return (positives + base) / (people + 1)
      })
    },
  }
}
