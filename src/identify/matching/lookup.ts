/**
 * One new record against all known ones, under a model that was fitted before: what is asked when
 * somebody new comes, without comparing everybody again.
 */
import {
  blockingOf,
  usualLimits,
  type Blocking,
  type BlockingLimits,
  type BlockKey,
} from './blocking.ts'
import { createLevelOf, normalise, type Field } from './fields.ts'
import { probabilityOf, weightTables, type MatchModel } from './fellegi-sunter.ts'
import { frequencyWeight } from './score-pairs.ts'
import { topLevel } from './patterns.ts'
import type { ChanceAgreement } from './agreement-by-chance.ts'
import type { Records, Side } from './records.ts'

export interface LookupHit {
  /** Index of the record, among those on the right. */
  readonly record: number
  readonly weight: number
  readonly probability: number
}

/** The likely ones, best first. @param cells one a field */
export type Lookup = (cells: readonly string[], leastProbability?: number) => LookupHit[]

export interface LookupOptions {
  readonly keys: readonly BlockKey[]
  readonly model: MatchModel
  readonly chance: readonly ChanceAgreement[]
  readonly limits?: BlockingLimits
}

/** Looks among the records on the right (of one table: among all). The records must stay as they are. */
export function createLookup(records: Records, options: LookupOptions): Lookup {
  const { keys, limits = usualLimits } = options
  const { fields, right } = records
  const blockings = keys.map((key) => blockingOf(records, key, limits.pairsPerBlock))
  const weigh = createWeigher(records, options)
  return (cells, leastProbability = 0.5) => {
    const asked: Side = {
      count: 1,
      columns: fields.map((field, f) => Int32Array.of(valueOf(field, cells[f] ?? ''))),
    }
    const blocks = blockings.map((blocking) => blocking.find(asked)[0] ?? -1)
    const hits: LookupHit[] = []
    for (const [k, { starts, members }] of blockings.entries()) {
      const block = blocks[k] ?? -1
      if (block < 0) continue
      const end = starts[block + 1] ?? 0
      for (let i = starts[block] ?? end; i < end; i++) {
        const record = members[i] ?? 0
        if (wasEarlier(blockings, blocks, k, record)) continue
        const weight = weigh(asked, right, record)
        const probability = probabilityOf(weight)
        if (probability >= leastProbability) hits.push({ record, weight, probability })
      }
    }
    return hits.sort((a, b) => b.weight - a.weight || a.record - b.record)
  }
}

function wasEarlier(
  blockings: readonly Blocking[],
  blocks: readonly number[],
  k: number,
  record: number,
): boolean {
  for (let e = 0; e < k; e++) {
    const block = blocks[e] ?? -1
    if (block >= 0 && block === blockings[e]?.right[record]) return true
  }
  return false
}

function valueOf({ kind, vocabulary }: Field, cell: string): number {
  const value = normalise(kind, cell)
  if (value === '') return -1
  const known = vocabulary.find(value)
  return known >= 0 ? known : vocabulary.borrow(value)
}

function createWeigher(
  { fields }: Records,
  { model, chance }: LookupOptions,
): (asked: Side, right: Side, record: number) => number {
  const prior = Math.log2(model.lambda / (1 - model.lambda))
  const weights = weightTables(model.m, model.u)
  const tops = fields.map(topLevel)
  const comparers = fields.map(createLevelOf)
  return (asked, right, record) => {
    let sum = prior
    for (let f = 0; f < tops.length; f++) {
      const one = asked.columns[f]?.[0] ?? -1
      const other = right.columns[f]?.[record] ?? -1
      if (one < 0 || other < 0) continue
      const top = tops[f] ?? 1
      const level = one === other ? top : (comparers[f]?.(one, other) ?? 0)
      sum += weights[f]?.[level] ?? 0
      if (top === 0 || level !== top) continue
      const { counts, present } = chance[f] ?? { counts: [], present: 0 }
      // The one that is asked for was not counted.
      sum += frequencyWeight(model.u[f]?.[top] ?? 1, (counts[one] ?? 0) + 1, present + 1)
    }
    return sum
  }
}
