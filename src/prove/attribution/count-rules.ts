/**
 * Credit of every channel by all rules of `rules.ts`, and by Shapley, in one walk over the paths.
 * Chunks of paths may be given one after the other: only sums are kept.
 */
import { RapportError } from '../../domain/error.ts'
import type { PathColumns } from './paths.ts'
import { endShare, ruleNames, usualHalfLife, type RuleName } from './rules.ts'

/** What each channel is credited with, in the order of the channels. */
export interface Credit {
  readonly conversions: Float64Array
  readonly value: Float64Array
}

export interface Totals {
  paths: number
  steps: number
  conversions: number
  value: number
  nulls: number
  /** Of outcomes that nothing went before: nobody is credited. */
  unattributedConversions: number
  unattributedValue: number
}

export interface RuleCounter {
  add(paths: PathColumns): void
  readonly totals: Readonly<Totals>
  readonly credits: Readonly<Record<RuleName | 'shapley', Credit>>
}

export function countRules(channelCount: number, halfLife = usualHalfLife): RuleCounter {
  if (!(halfLife > 0 && halfLife < Infinity))
    throw new RapportError('invalid_analysis', 'The half-life must be a number above 0.')
  const credit = (): Credit => ({
    conversions: new Float64Array(channelCount),
    value: new Float64Array(channelCount),
  })
  const credits = Object.fromEntries(
    [...ruleNames, 'shapley'].map((name) => [name, credit()]),
  ) as Record<RuleName | 'shapley', Credit>
  const totals: Totals = {
    ...{ paths: 0, steps: 0, conversions: 0, value: 0, nulls: 0 },
    ...{ unattributedConversions: 0, unattributedValue: 0 },
  }
  const addEnds = endsAdder(credits, totals)
  const addDecay = decayAdder(credits.time_decay, halfLife)
  const addShapley = shapleyAdder(credits.shapley, channelCount)
  return {
    totals,
    credits,
    add(paths) {
      addEnds(paths)
      addDecay(paths)
      addShapley(paths)
    },
  }
}

type Adder = (paths: PathColumns) => void

/** First, last, linear and position; and the totals. */
function endsAdder(credits: Record<RuleName, Credit>, totals: Totals): Adder {
  const { first, last, linear, position } = credits
  return ({ steps, offsets, conversions, value, nulls }) => {
    totals.paths += conversions.length
    totals.steps += steps.length
    for (let p = 0; p < conversions.length; p++) {
      const outcomes = conversions[p] ?? 0
      totals.nulls += nulls[p] ?? 0
      if (outcomes === 0) continue
      const worth = value[p] ?? 0
      totals.conversions += outcomes
      totals.value += worth
      const from = offsets[p] ?? 0
      const length = (offsets[p + 1] ?? 0) - from
      if (length === 0) {
        totals.unattributedConversions += outcomes
        totals.unattributedValue += worth
        continue
      }
      const start = steps[from] ?? 0
      const end = steps[from + length - 1] ?? 0
      addTo(first, start, outcomes, worth)
      addTo(last, end, outcomes, worth)
      const share = 1 / length
      const each = outcomes * share
      const eachWorth = worth * share
      if (length < 3) {
        for (let i = from; i < from + length; i++) {
          addTo(linear, steps[i] ?? 0, each, eachWorth)
          addTo(position, steps[i] ?? 0, each, eachWorth)
        }
        continue
      }
      const inner = (1 - 2 * endShare) / (length - 2)
      addTo(linear, start, each, eachWorth)
      addTo(linear, end, each, eachWorth)
      addTo(position, start, outcomes * endShare, worth * endShare)
      addTo(position, end, outcomes * endShare, worth * endShare)
      for (let i = from + 1; i < from + length - 1; i++) {
        const channel = steps[i] ?? 0
        addTo(linear, channel, each, eachWorth)
        addTo(position, channel, outcomes * inner, worth * inner)
      }
    }
  }
}

function decayAdder(credit: Credit, halfLife: number): Adder {
  const fading = 2 ** (-1 / halfLife)
  return ({ steps, offsets, conversions, value, ages }) => {
    let weights = new Float64Array(64)
    for (let p = 0; p < conversions.length; p++) {
      const outcomes = conversions[p] ?? 0
      const from = offsets[p] ?? 0
      const to = offsets[p + 1] ?? 0
      if (outcomes === 0 || from === to) continue
      if (to - from > weights.length) weights = new Float64Array(2 * (to - from))
      let sum = 0
      let newest = Infinity
      if (ages) for (let i = from; i < to; i++) newest = Math.min(newest, ages[i] ?? 0)
      let weight = 1
      for (let i = to - 1; i >= from; i--) {
        if (ages) weight = 2 ** ((newest - (ages[i] ?? 0)) / halfLife)
        weights[i - from] = weight
        sum += weight
        if (!ages) weight *= fading
      }
      const each = outcomes / sum
      const worth = (value[p] ?? 0) / sum
      for (let i = from; i < to; i++) {
        const share = weights[i - from] ?? 0
        addTo(credit, steps[i] ?? 0, each * share, worth * share)
      }
    }
  }
}

/**
 * Where the worth of a coalition is the conversions of the paths that lie inside it, Shapley's value
 * is each path's conversions divided equally among its distinct channels (Zhao, Mahboobi and Bagheri,
 * "Shapley value methods for attribution modeling in online advertising", 2018, section 3).
 */
function shapleyAdder(credit: Credit, channelCount: number): Adder {
  const seenIn = new Int32Array(channelCount).fill(-1)
  const distinct = new Int32Array(channelCount)
  let turn = 0
  return ({ steps, offsets, conversions, value }) => {
    for (let p = 0; p < conversions.length; p++) {
      const outcomes = conversions[p] ?? 0
      if (outcomes === 0) continue
      turn++
      let size = 0
      for (let i = offsets[p] ?? 0; i < (offsets[p + 1] ?? 0); i++) {
        const channel = steps[i] ?? 0
        if (seenIn[channel] === turn) continue
        seenIn[channel] = turn
        distinct[size++] = channel
      }
      const share = 1 / size
      const worth = value[p] ?? 0
      for (let i = 0; i < size; i++) {
        addTo(credit, distinct[i] ?? 0, outcomes * share, worth * share)
      }
    }
  }
}

function addTo(credit: Credit, channel: number, conversions: number, value: number): void {
  credit.conversions[channel] = (credit.conversions[channel] ?? 0) + conversions
  credit.value[channel] = (credit.value[channel] ?? 0) + value
}
