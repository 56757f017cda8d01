/**
 * Transactions to histories, as the models count (Fader, Hardie and Lee 2005, section 4): what a
 * customer buys on one day is one purchase; the first is the beginning, all later ones are repeats.
 * Whoever begins after the end of the calibration is left out, and what is bought after it is held
 * out, to be foretold.
 */
import { RapportError } from '../../domain/error.ts'
import type { PurchaseHistories } from './histories.ts'

export interface Transactions {
  /** A whole number for each customer, from 0, without large gaps. */
  readonly customer: Uint32Array
  /** Days since any beginning; what lies between is rounded down. */
  readonly day: Float64Array
  /** In one currency, from 0. */
  readonly worth?: Float64Array
}

export interface SummaryOptions {
  /** The last day of the calibration; the last of all where it is left out. */
  readonly end?: number
  /** The last day held out; the last of all where it is left out. */
  readonly heldUntil?: number
  /** Days in a unit of time: 7 for weeks. */
  readonly unit: number
}

export interface PurchaseSummaries extends PurchaseHistories {
  /** Whose row it is; rising. */
  readonly customer: Uint32Array
  /** Mean worth of the days of repeat purchases; 0 where there are none. */
  readonly spend: Float64Array
  /** When each repeat purchase was, since the first of its customer; in no order. */
  readonly repeatTimes: Float64Array
  /** Days with purchases after the end, and what they were worth together. */
  readonly heldPurchases: Float64Array
  readonly heldWorth: Float64Array
  /** Time held out, in the unit. */
  readonly heldTime: number
}

/** @throws RapportError invalid_analysis: nothing there, a day or worth that is none, or no customer. */
export function summariseTransactions(
  transactions: Transactions,
  { end: asked, heldUntil, unit }: SummaryOptions,
): PurchaseSummaries {
  const { day } = transactions
  const lastDay = checkTransactions(transactions)
  const end = Math.floor(asked ?? lastDay)
  const until = Math.floor(heldUntil ?? Math.max(lastDay, end))
  if (!(unit > 0) || until < end)
    throw new RapportError('invalid_analysis', 'What is held out must end after the calibration.')
  const order = byCustomerAndDay(transactions)
  const rows = emptyRows(transactions.customer)
  let size = 0
  for (let from = 0; from < order.length;) {
    const customer = transactions.customer[order[from] ?? 0] ?? 0
    let to = from + 1
    while (to < order.length && transactions.customer[order[to] ?? 0] === customer) to++
    const first = Math.floor(day[order[from] ?? 0] ?? 0)
    if (first <= end) {
      rows.customer[size] = customer
      rows.age[size] = (end - first) / unit
      addDays(transactions, order.subarray(from, to), { rows, row: size, first, end, until, unit })
      size++
    }
    from = to
  }
  if (size === 0)
    throw new RapportError('invalid_analysis', 'Nobody bought before the end of the calibration.')
  const cut = (column: Float64Array): Float64Array => column.slice(0, size)
  return {
    customer: rows.customer.slice(0, size),
    ...{ frequency: cut(rows.frequency), recency: cut(rows.recency), age: cut(rows.age) },
    ...{ spend: cut(rows.spend), heldPurchases: cut(rows.heldPurchases) },
    ...{
      heldWorth: cut(rows.heldWorth),
      repeatTimes: rows.repeatTimes.slice(0, rows.repeats),
      heldTime: (until - end) / unit,
    },
  }
}

function checkTransactions({ customer, day, worth }: Transactions): number {
  const size = day.length
  if (size === 0 || customer.length !== size || (worth && worth.length !== size))
    throw new RapportError(
      'invalid_analysis',
      size === 0 ? 'There are no transactions.' : 'The columns have different lengths.',
    )
  let last = -Infinity
  for (let i = 0; i < size; i++) {
    const when = day[i] ?? Number.NaN
    const value = worth ? (worth[i] ?? Number.NaN) : 0
    if (!Number.isFinite(when))
      throw new RapportError('invalid_analysis', `Transaction ${i + 1} has no time.`)
    if (!(value >= 0 && value < Infinity))
      throw new RapportError(
        'invalid_analysis',
        `Transaction ${i + 1} is worth ${value}: take refunds out, or off the purchase that they undo.`,
      )
    if (when > last) last = when
  }
  return last
}

/** Places of the transactions: sorted into customers by counting, within them by day. */
function byCustomerAndDay({ customer, day }: Transactions): Uint32Array {
  const customers = customer.reduce((most, one) => Math.max(most, one), 0) + 1
  if (customers > 16 * customer.length + 1024)
    throw new RapportError('invalid_analysis', 'Customers must be numbered without large gaps.')
  const starts = new Uint32Array(customers + 1)
  for (let i = 0; i < customer.length; i++) {
    const next = (customer[i] ?? 0) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let c = 0; c < customers; c++) starts[c + 1] = (starts[c + 1] ?? 0) + (starts[c] ?? 0)
  const ends = starts.slice()
  const order = new Uint32Array(customer.length)
  for (let i = 0; i < customer.length; i++) {
    const c = customer[i] ?? 0
    const place = ends[c] ?? 0
    order[place] = i
    ends[c] = place + 1
  }
  for (let c = 0; c < customers; c++) {
    const own = order.subarray(starts[c] ?? 0, starts[c + 1] ?? 0)
    if (own.length > 1) own.sort((a, b) => (day[a] ?? 0) - (day[b] ?? 0))
  }
  return order
}

interface Rows {
  readonly customer: Uint32Array
  readonly frequency: Float64Array
  readonly recency: Float64Array
  readonly age: Float64Array
  readonly spend: Float64Array
  readonly heldPurchases: Float64Array
  readonly heldWorth: Float64Array
  readonly repeatTimes: Float64Array
  repeats: number
}

function emptyRows(customer: Uint32Array): Rows {
  const room = customer.length
  const column = (): Float64Array => new Float64Array(room)
  return {
    customer: new Uint32Array(room),
    ...{ frequency: column(), recency: column(), age: column(), spend: column() },
    ...{ heldPurchases: column(), heldWorth: column() },
    ...{ repeatTimes: column(), repeats: 0 },
  }
}

interface Into {
  readonly rows: Rows
  readonly row: number
  readonly first: number
  readonly end: number
  readonly until: number
  readonly unit: number
}

/** One customer's transactions, by day. */
function addDays({ day, worth }: Transactions, own: Uint32Array, into: Into): void {
  const { rows, row, first, end, until, unit } = into
  let [before, repeats, repeatWorth, held, heldWorth] = [first, 0, 0, 0, 0]
  for (const place of own) {
    const today = Math.floor(day[place] ?? 0)
    const value = worth ? (worth[place] ?? 0) : 0
    if (today > until) break
    if (today > end) {
      if (today !== before) held++
      heldWorth += value
    } else if (today > first) {
      if (today !== before) {
        repeats++
        rows.repeatTimes[rows.repeats++] = (today - first) / unit
      }
      repeatWorth += value
      rows.recency[row] = (today - first) / unit
    }
    before = today
  }
  rows.frequency[row] = repeats
  rows.spend[row] = repeats > 0 ? repeatWorth / repeats : 0
  rows.heldPurchases[row] = held
  rows.heldWorth[row] = heldWorth
}
