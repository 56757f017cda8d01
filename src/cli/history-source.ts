/** Options that say where the histories of customers stand in a file, shared by `fit` and `predict`. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import { dayOfText } from './day-of-text.ts'

/** Columns of summaries; a weight and an id need not be there. */
interface SummaryColumns {
  readonly id: string
  readonly frequency: string
  readonly recency: string
  readonly age: string
  readonly spend: string
  readonly weight: string
}

/** How to get histories out of a file. */
export interface HistorySource {
  readonly file: string
  readonly delimiter: string
  readonly header: boolean
  readonly summary: SummaryColumns
  /** Columns of transactions, where these are given instead. */
  readonly transactions: {
    readonly customer: string
    readonly date: string
    readonly value: string | null
    /** Last days since 1970; null: the last in the file. */
    readonly end: number | null
    readonly heldUntil: number | null
    /** Days in a unit of time. */
    readonly unit: number
  } | null
}

export interface HistoryOptions extends SummaryColumns {
  readonly delimiter: string
  readonly header: boolean
  readonly customer?: string
  readonly date?: string
  readonly value?: string
  readonly calibrationEnd?: number
  readonly holdoutEnd?: number
  readonly unit: 'day' | 'week'
}

export function withHistoryOptions(command: Command): Command {
  return command
    .argument(
      '<file>',
      'CSV file of summaries, a customer a line, or of transactions; .gz as it is',
    )
    .option('--frequency <column>', 'repeat purchases of the customer', 'frequency')
    .option('--recency <column>', 'time of the last of them, since the first purchase', 'recency')
    .option('--age <column>', 'time watched, since the first purchase', 'age')
    .option('--spend <column>', 'mean worth of a repeat purchase', 'spend')
    .option('--weight <column>', 'for how many customers a line stands, if there', 'weight')
    .option('--id <column>', 'names the customer, if there', 'id')
    .option('--customer <column>', 'of transactions: whose it is. With it, summaries are made here')
    .option('--date <column>', 'of transactions: the day, as 1997-01-31 or 19970131')
    .option('--value <column>', 'of transactions: what it was worth')
    .option('--calibration-end <day>', 'of transactions: the last day to learn from', day)
    .option('--holdout-end <day>', 'of transactions: the last day to be foretold', day)
    .addOption(new Option('--unit <unit>', 'of time').choices(['day', 'week']).default('week'))
    .option('--delimiter <character>', 'between two cells; also "tab" and "space"', ',')
    .option('--no-header', 'the first line is data; columns are named 1, 2, ...')
}

export function historySource(file: string, options: HistoryOptions): HistorySource {
  const { id, frequency, recency, age, spend, weight, customer, date, value } = options
  const { delimiter, header, unit, calibrationEnd, holdoutEnd } = options
  const asTransactions = customer !== undefined || date !== undefined
  return {
    ...{ file, delimiter, header },
    summary: { id, frequency, recency, age, spend, weight },
    transactions: asTransactions
      ? {
          ...{ customer: customer ?? 'customer', date: date ?? 'date', value: value ?? null },
          ...{ end: calibrationEnd ?? null, heldUntil: holdoutEnd ?? null },
          unit: unit === 'week' ? 7 : 1,
        }
      : null,
  }
}

function day(text: string): number {
  const found = dayOfText(text)
  if (found === null) throw new InvalidArgumentError('A day is written as 1997-01-31.')
  return found
}
