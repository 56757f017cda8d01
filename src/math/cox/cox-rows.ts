/**
 * The rows of a Cox model in the order in which it walks over them: by stratum, then by time. Checked
 * here, once, so that the arithmetic behind it meets finite numbers only. Covariates are centred and
 * scaled to a standard deviation of 1, which changes no likelihood and keeps every digit.
 */
import { sortedOrder } from '../sorted-order.ts'

export interface CoxData {
  /** When watching ended; any finite number. */
  readonly stop: Float64Array
  /** 1 where it ended with the event. */
  readonly event: Uint8Array
  /**
   * When watching began, before `stop`: the row is at risk in (start, stop]. A person whose covariates
   * change has several rows, one after the other; one who came late is not at risk before. Without it
   * everybody is at risk from the beginning.
   */
  readonly start?: Float64Array | undefined
  /** A column each, of finite numbers. */
  readonly covariates: readonly Float64Array[]
  readonly names: readonly string[]
  /** How many rows a row stands for, above 0. */
  readonly weights?: Float64Array | undefined
  /** Whole numbers from 0: each stratum has a baseline hazard of its own. */
  readonly strata?: ArrayLike<number> | undefined
}

export interface CoxRows {
  readonly size: number
  readonly width: number
  /** Place of the sorted row in the data. */
  readonly order: Uint32Array
  readonly stop: Float64Array
  readonly start: Float64Array | null
  readonly event: Uint8Array
  readonly weights: Float64Array | null
  /** Scaled covariates, row by row: row i, covariate j at `i * width + j`. */
  readonly scaled: Float64Array
  readonly means: Float64Array
  readonly deviations: Float64Array
  /** Sorted rows from `groups[g]` to before `groups[g + 1]` have the same stratum and time. */
  readonly groups: Uint32Array
  /** Events of each group. */
  readonly groupEvents: Uint32Array
  /** Groups from `strata[s]` to before `strata[s + 1]` are those of a stratum. */
  readonly strata: Uint32Array
  /** Code of each of these strata. */
  readonly stratumCodes: Uint32Array
  readonly events: number
}

/** @throws RangeError that says which row is wrong, and what to do. */
export function prepareCoxRows(data: CoxData): CoxRows {
  checkColumns(data)
  const { stop, start, event, weights, covariates, strata } = data
  const order = byStratum(sortedOrder(stop), strata)
  const size = stop.length
  const width = covariates.length
  const means = new Float64Array(width)
  const deviations = new Float64Array(width)
  const scaled = new Float64Array(size * width)
  covariates.forEach((column, j) => {
    const { mean, deviation } = spreadOf(column, data.names[j] ?? '', weights)
    means[j] = mean
    deviations[j] = deviation
    scale(column, order, { scaled, place: j, mean, deviation })
  })
  const sorted = {
    stop: gather(stop, order),
    event: gatherFlags(event, order),
    codes: strata ? Uint32Array.from(order, (place) => strata[place] ?? 0) : null,
  }
  return {
    ...{ size, width, order, scaled, means, deviations },
    ...{ stop: sorted.stop, event: sorted.event },
    start: start ? gather(start, order) : null,
    weights: weights ? gather(weights, order) : null,
    ...groupsOf(sorted),
  }
}

interface Sorted {
  readonly stop: Float64Array
  readonly event: Uint8Array
  readonly codes: Uint32Array | null
}

function groupsOf({ stop, event, codes }: Sorted) {
  const size = stop.length
  const groups = new Uint32Array(size + 1)
  const groupEvents = new Uint32Array(size)
  const strata: number[] = []
  const stratumCodes: number[] = []
  let [count, events] = [0, 0]
  for (let i = 0; i < size; i++) {
    const isNewStratum = i === 0 || (codes !== null && codes[i] !== codes[i - 1])
    if (isNewStratum || stop[i] !== stop[i - 1]) groups[count++] = i
    if (isNewStratum) {
      strata.push(count - 1)
      stratumCodes.push(codes?.[i] ?? 0)
    }
    const happened = event[i] ?? 0
    groupEvents[count - 1] = (groupEvents[count - 1] ?? 0) + happened
    events += happened
  }
  if (events === 0) throw new RangeError('No row has an event, so nothing can be estimated.')
  groups[count] = size
  return {
    groups: groups.slice(0, count + 1),
    groupEvents: groupEvents.slice(0, count),
    strata: Uint32Array.from([...strata, count]),
    stratumCodes: Uint32Array.from(stratumCodes),
    events,
  }
}

function gather(column: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(order.length)
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] ?? 0] ?? 0
  return sorted
}

function gatherFlags(column: Uint8Array, order: Uint32Array): Uint8Array {
  const sorted = new Uint8Array(order.length)
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] ?? 0] ? 1 : 0
  return sorted
}

interface Scale {
  readonly scaled: Float64Array
  readonly place: number
  readonly mean: number
  readonly deviation: number
}

function scale(column: Float64Array, order: Uint32Array, to: Scale): void {
  const { scaled, place, mean, deviation } = to
  const width = scaled.length / order.length
  for (let i = 0, cell = place; i < order.length; i++, cell += width)
    scaled[cell] = ((column[order[i] ?? 0] ?? 0) - mean) / deviation
}

/** The order by time kept within each stratum. */
function byStratum(order: Uint32Array, strata: ArrayLike<number> | undefined): Uint32Array {
  if (!strata) return order
  const codes = Float64Array.from(order, (place) => strata[place] ?? 0)
  return sortedOrder(codes).map((place) => order[place] ?? 0)
}

function spreadOf(column: Float64Array, name: string, weights: Float64Array | undefined) {
  const weightOf = (i: number): number => (weights ? (weights[i] ?? 0) : 1)
  let [total, sum, squares] = [0, 0, 0]
  for (let i = 0; i < column.length; i++) {
    total += weightOf(i)
    sum += weightOf(i) * (column[i] ?? 0)
  }
  const mean = sum / total
  for (let i = 0; i < column.length; i++) squares += weightOf(i) * ((column[i] ?? 0) - mean) ** 2
  const deviation = Math.sqrt(squares / total)
  if (!(deviation < Infinity))
    throw new RangeError(`The values of "${name}" are too large to be added.`)
  // Rounding alone: a column that is the same everywhere can be told from no other.
  if (!(deviation > 1e-12 * Math.abs(mean)))
    throw new RangeError(
      `The covariate "${name}" is ${mean} in every row. Leave it out: nothing can be learned of it.`,
    )
  return { mean, deviation }
}

const mostCovariates = 200

function checkColumns(data: CoxData): void {
  const { stop, start, event, covariates, names, weights, strata } = data
  const size = stop.length
  const fail = (reason: string): never => {
    throw new RangeError(reason)
  }
  if (size === 0) fail('There are no rows.')
  if (names.length !== covariates.length) fail('There must be a name for each covariate.')
  if (covariates.length > mostCovariates) fail(`There are more than ${mostCovariates} covariates.`)
  for (const column of [start, event, weights, strata, ...covariates])
    if (column && column.length !== size) fail('All columns must have as many rows.')
  const check = (values: Float64Array, name: string, least = -Infinity): void => {
    for (let i = 0; i < size; i++) {
      const value = values[i] ?? Number.NaN
      if (!(value > least && value < Infinity))
        fail(`Row ${i + 1}: ${name} is ${value}. Leave the row out, or fill the value in.`)
    }
  }
  check(stop, 'the time')
  if (weights) check(weights, 'the weight', 0)
  covariates.forEach((column, j) => check(column, `"${names[j]}"`))
  if (start) {
    check(start, 'the start')
    const wrong = start.findIndex((from, i) => from >= (stop[i] ?? 0))
    if (wrong >= 0)
      fail(`Row ${wrong + 1}: it starts at ${start[wrong]}, which is not before ${stop[wrong]}.`)
  }
  for (let i = 0; strata && i < size; i++)
    if (!(Number.isInteger(strata[i]) && (strata[i] ?? -1) >= 0 && (strata[i] ?? 0) < 2 ** 32))
      fail(`Row ${i + 1}: a stratum is a whole number from 0.`)
}
