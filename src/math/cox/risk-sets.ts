/**
 * The walk over the risk sets of a Cox model: who was at risk at each time of an event, latest first,
 * as weighted sums that are carried along. Everything else (likelihood, residuals, baseline hazard,
 * test of proportionality) is read off these sums, so this is the only place that knows who is at
 * risk: rows with start < t <= stop of the same stratum.
 */
import { sortedOrder } from '../sorted-order.ts'
import type { CoxRows } from './cox-rows.ts'

/** One time of an event. The same object is used for all: read it, do not keep it. */
export interface RiskSet {
  time: number
  /** Place among `rows.strata`. */
  stratum: number
  /** Place among `rows.groups`: the rows that ended at this time. */
  group: number
  /** Events at this time, and what they weigh together. */
  deaths: number
  deathWeight: number
  /** Sum of weight * exp(predictor) over those at risk, and over those who had the event. */
  risk: number
  deathRisk: number
  /** Sums of weight * exp(predictor) * x. */
  readonly first: Float64Array
  readonly deathFirst: Float64Array
  /** Sums of weight * exp(predictor) * x x': the lower half, row by row. */
  readonly second: Float64Array
  readonly deathSecond: Float64Array
  /** Sum of weight * x over the events, and of weight * predictor. */
  readonly deathSum: Float64Array
  deathPredictor: number
}

export interface Predictors {
  /** Of each sorted row: coefficients times scaled covariates. */
  readonly predictor: Float64Array
  /** weight * exp(predictor). */
  readonly risk: Float64Array
}

/** Null where a risk is too large for a number: the coefficients are out of all bounds. */
export function predictorsOf(rows: CoxRows, coefficients: Float64Array): Predictors | null {
  const { size, width, scaled, weights } = rows
  const predictor = new Float64Array(size)
  const risk = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let sum = 0
    for (let j = 0; j < width; j++) sum += (scaled[i * width + j] ?? 0) * (coefficients[j] ?? 0)
    // e^300: sums of it, of its squares and of their products remain finite.
    if (!(sum < 300 && sum > -300)) return null
    predictor[i] = sum
    risk[i] = (weights ? (weights[i] ?? 0) : 1) * Math.exp(sum)
  }
  return { predictor, risk }
}

/** Sums that have fallen below this share of what they were are added up anew. */
const smallest = 1e-6

interface WalkOptions {
  /** Whether the sums of x x' are wanted: they cost the most. */
  readonly second: boolean
}

/** Asks `visit` at each time of an event: strata from the last to the first, times falling. */
export function walkRiskSets(
  rows: CoxRows,
  predictors: Predictors,
  { second }: WalkOptions,
  visit: (set: RiskSet) => void,
): void {
  const { width, strata, groups, groupEvents, stop, start } = rows
  const set = emptySet(width)
  const leaving = start && byStart(rows)
  const add = adder(rows, predictors, second)
  let left = rows.size - 1
  for (let stratum = strata.length - 2; stratum >= 0; stratum--) {
    const from = strata[stratum] ?? 0
    const end = strata[stratum + 1] ?? 0
    clear(set)
    set.stratum = stratum
    let [present, peak] = [0, 0]
    const [firstRow, endRow] = [groups[from] ?? 0, groups[end] ?? 0]
    for (let group = end - 1; group >= from; group--) {
      const [low, high] = [groups[group] ?? 0, groups[group + 1] ?? 0]
      const deaths = groupEvents[group] ?? 0
      present += high - low
      if (deaths === 0) {
        for (let i = low; i < high; i++) add(set, i, 1)
        continue
      }
      const time = stop[low] ?? 0
      if (leaving && start) {
        const before = set.risk
        for (; left >= firstRow && (start[leaving[left] ?? 0] ?? 0) >= time; left--) {
          add(set, leaving[left] ?? 0, -1)
          present--
        }
        // What rounding left of those who went must not show beside the few who are still there.
        peak = Math.max(peak, before)
        if (present === high - low || set.risk < smallest * peak) {
          clear(set)
          for (let i = high; i < endRow && present > high - low; i++)
            if ((start[i] ?? 0) < time) add(set, i, 1)
          peak = set.risk
        }
      }
      set.time = time
      set.group = group
      set.deaths = deaths
      addGroup(set, rows, predictors, { low, high, second })
      visit(set)
    }
    if (leaving) left = firstRow - 1
  }
}

/** Places of the sorted rows by stratum, then by start: the order in which they cease to be at risk. */
function byStart({ strata, groups, start }: CoxRows): Uint32Array {
  const starts = start ?? new Float64Array()
  const places = new Uint32Array(starts.length)
  for (let s = 0; s + 1 < strata.length; s++) {
    const [low, high] = [groups[strata[s] ?? 0] ?? 0, groups[strata[s + 1] ?? 0] ?? 0]
    const order = sortedOrder(starts.slice(low, high))
    for (let k = 0; k < order.length; k++) places[low + k] = low + (order[k] ?? 0)
  }
  return places
}

function emptySet(width: number): RiskSet {
  const vector = (): Float64Array => new Float64Array(width)
  const matrix = (): Float64Array => new Float64Array((width * (width + 1)) / 2)
  return {
    ...{ time: 0, stratum: 0, group: 0, deaths: 0, deathWeight: 0, risk: 0, deathRisk: 0 },
    ...{ first: vector(), deathFirst: vector(), second: matrix(), deathSecond: matrix() },
    ...{ deathSum: vector(), deathPredictor: 0 },
  }
}

function clear(set: RiskSet): void {
  set.risk = 0
  set.first.fill(0)
  set.second.fill(0)
}

function adder({ width, scaled }: CoxRows, { risk }: Predictors, second: boolean) {
  return (set: RiskSet, row: number, sign: 1 | -1): void => {
    const share = sign * (risk[row] ?? 0)
    set.risk += share
    addMoments(set.first, second ? set.second : null, scaled, { from: row * width, width, share })
  }
}

interface Moment {
  readonly from: number
  readonly width: number
  readonly share: number
}

function addMoments(
  first: Float64Array,
  second: Float64Array | null,
  scaled: Float64Array,
  { from, width, share }: Moment,
): void {
  for (let a = 0, cell = 0; a < width; a++) {
    const part = share * (scaled[from + a] ?? 0)
    first[a] = (first[a] ?? 0) + part
    if (second === null) continue
    for (let b = 0; b <= a; b++, cell++)
      second[cell] = (second[cell] ?? 0) + part * (scaled[from + b] ?? 0)
  }
}

interface Group {
  readonly low: number
  readonly high: number
  readonly second: boolean
}

/** Those who end at a time of events: each row is added once, events to the sums of events first. */
function addGroup(
  set: RiskSet,
  { width, scaled, event, weights }: CoxRows,
  { risk, predictor }: Predictors,
  { low, high, second }: Group,
): void {
  set.deathSum.fill(0)
  // Of one event alone no share is ever taken off (see ties.ts), so it needs no sums of its own.
  const alone = set.deaths === 1
  if (!alone) {
    set.deathFirst.fill(0)
    set.deathSecond.fill(0)
  }
  let [deathWeight, deathRisk, deathPredictor, othersRisk] = [0, 0, 0, 0]
  for (let i = low; i < high; i++) {
    const from = i * width
    const share = risk[i] ?? 0
    const isEvent = event[i] === 1
    const tied = isEvent && !alone
    addMoments(
      tied ? set.deathFirst : set.first,
      second ? (tied ? set.deathSecond : set.second) : null,
      scaled,
      { from, width, share },
    )
    if (!isEvent) {
      othersRisk += share
      continue
    }
    const weight = weights ? (weights[i] ?? 0) : 1
    deathWeight += weight
    deathRisk += share
    deathPredictor += weight * (predictor[i] ?? 0)
    for (let j = 0; j < width; j++)
      set.deathSum[j] = (set.deathSum[j] ?? 0) + weight * (scaled[from + j] ?? 0)
  }
  set.risk += othersRisk + deathRisk
  if (!alone) {
    addTo(set.first, set.deathFirst)
    if (second) addTo(set.second, set.deathSecond)
  }
  set.deathWeight = deathWeight
  set.deathRisk = deathRisk
  set.deathPredictor = deathPredictor
}

function addTo(sums: Float64Array, others: Float64Array): void {
  for (let j = 0; j < sums.length; j++) sums[j] = (sums[j] ?? 0) + (others[j] ?? 0)
}
