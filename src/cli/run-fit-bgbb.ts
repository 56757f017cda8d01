/** What `rapport fit bgbb` does. */
import { fitAsData, fitInWords } from './say-fit.ts'
import { fitBgbb } from '../predict/purchase/bg-bb.ts'
import { numbersOf, readColumns } from './read-columns.ts'
import type { Output } from './output.ts'

export interface BgbbColumns {
  readonly frequency: string
  readonly recency: string
  readonly periods: string
  readonly weight: string
  readonly delimiter: string
  readonly header: boolean
}

export async function runFitBgbb(output: Output, file: string, named: BgbbColumns): Promise<void> {
  const { frequency, recency, periods, weight, delimiter, header } = named
  const columns = await readColumns({
    ...{ file, delimiter, header, numbers: [frequency, recency, periods, weight] },
    optional: [weight],
  })
  const weights = columns.numbers.get(weight)
  const fit = fitBgbb({
    frequency: numbersOf(columns, frequency),
    recency: numbersOf(columns, recency),
    periods: numbersOf(columns, periods),
    ...(weights ? { weight: weights } : {}),
  })
  output.say([`${fit.customers} customers.`, ...fitInWords(fit)].join('\n'), {
    ...fitAsData('bgbb', fit),
    ...{ customers: fit.customers, lines: columns.rows },
  })
}
