/** Histories of customers from a file: summaries as they stand, or made from transactions. */
import { RapportError } from '../domain/error.ts'
import { dayOfText } from './day-of-text.ts'
import { readColumns, numbersOf, rowNames, type ColumnFile } from './read-columns.ts'
import {
  summariseTransactions,
  type PurchaseSummaries,
} from '../predict/purchase/summarise-transactions.ts'
import type { HistorySource } from './history-source.ts'

export interface HistoryFile {
  readonly rows: number
  readonly histories: {
    readonly frequency: Float64Array
    readonly recency: Float64Array
    readonly age: Float64Array
    readonly weight?: Float64Array
  }
  /** Null where the file says nothing of it. */
  readonly spend: Float64Array | null
  /** Of transactions: when each repeat purchase was, since the first of its customer. */
  readonly repeatTimes: Float64Array | null
  /** Made from transactions, with what was held out after the calibration; else null. */
  readonly held: PurchaseSummaries | null
  /** Names of the customers, or their lines where they have none. */
  name(row: number): string
}

/** Which columns of summaries are needed. */
export type Needed = 'histories' | 'spend' | 'both'

export async function readHistories(source: HistorySource, needed: Needed): Promise<HistoryFile> {
  return source.transactions === null
    ? await readSummaries(source, needed)
    : await readTransactions(source, source.transactions, needed)
}

async function readSummaries(
  { file, delimiter, header, summary }: HistorySource,
  needed: Needed,
): Promise<HistoryFile> {
  const { id, frequency, recency, age, spend, weight } = summary
  const times = needed === 'spend' ? [] : [recency, age]
  const worth = needed === 'histories' ? [] : [spend]
  const columns = await readColumns({
    ...{ file, delimiter, header },
    ...{ numbers: [frequency, ...times, ...worth, weight], texts: [id] },
    optional: [weight, id],
  })
  const weights = columns.numbers.get(weight)
  const nothing = new Float64Array()
  return {
    rows: columns.rows,
    histories: {
      frequency: numbersOf(columns, frequency),
      ...{ recency: columns.numbers.get(recency) ?? nothing },
      ...{ age: columns.numbers.get(age) ?? nothing },
      ...(weights ? { weight: weights } : {}),
    },
    spend: columns.numbers.get(spend) ?? null,
    ...{ repeatTimes: null, held: null },
    name: rowNames(columns, id),
  }
}

async function readTransactions(
  { file, delimiter, header }: HistorySource,
  asked: NonNullable<HistorySource['transactions']>,
  needed: Needed,
): Promise<HistoryFile> {
  const { customer, date, value, end, heldUntil, unit } = asked
  if (value === null && needed !== 'histories')
    throw new RapportError('invalid_analysis', 'Name the column with the worth: --value.')
  const columns = await readColumns({
    ...{ file, delimiter, header },
    ...{ numbers: value === null ? [] : [value], texts: [customer, date] },
  })
  const who = columns.texts.get(customer)
  const worth = value === null ? undefined : numbersOf(columns, value)
  const held = summariseTransactions(
    {
      customer: who?.codes ?? new Uint32Array(),
      day: daysOf(columns, date),
      ...(worth ? { worth } : {}),
    },
    {
      unit,
      ...(end === null ? {} : { end }),
      ...(heldUntil === null ? {} : { heldUntil }),
    },
  )
  const { frequency, recency, age, spend } = held
  return {
    ...{ rows: columns.rows, histories: { frequency, recency, age } },
    spend: worth ? spend : null,
    repeatTimes: held.repeatTimes,
    held: held.heldTime > 0 ? held : null,
    name: (row) => who?.values[held.customer[row] ?? 0] ?? '',
  }
}

function daysOf(columns: ColumnFile, name: string): Float64Array {
  const { codes, values } = columns.texts.get(name) ?? { codes: new Uint32Array(), values: [] }
  const days = values.map((text) => {
    const found = dayOfText(text)
    if (found === null)
      throw new RapportError(
        'invalid_csv',
        `Column "${name}" holds "${text.slice(0, 40)}", which is no date like 1997-01-31.`,
      )
    return found
  })
  return Float64Array.from(codes, (code) => days[code] ?? 0)
}
