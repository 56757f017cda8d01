import type { PurchaseHistories } from './purchase/histories.ts'
import type { StoredCard } from './fit-task.ts'

/** Fewer buyers, or fewer who bought again, teach nothing. */
const fewestBuyers = 50
const fewestRepeaters = 20

/** @param day  of the cut-off, for the words */
export function enoughBuyers(
  { frequency }: Pick<PurchaseHistories, 'frequency'>,
  day: string,
): StoredCard['checks'] {
  const buyers = frequency.length
  const repeaters = frequency.reduce((sum, x) => sum + (x > 0 ? 1 : 0), 0)
  return [
    {
      ...{ name: 'Enough buyers', passed: buyers >= fewestBuyers },
      says: `${buyers} had bought by ${day}; ${fewestBuyers} are needed.`,
    },
    {
      ...{ name: 'Enough who came back', passed: repeaters >= fewestRepeaters },
      says: `${repeaters} had bought on more than one day; ${fewestRepeaters} are needed.`,
    },
  ]
}
