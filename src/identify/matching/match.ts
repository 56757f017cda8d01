/** Which records are of one person: blocking, comparison, model and scores in turn. Pure. */
import { RapportError } from '../../domain/error.ts'
import { agreementByChance, type ChanceAgreement } from './agreement-by-chance.ts'
import { blockPairs, usualLimits, type BlockingLimits, type BlockKey } from './blocking.ts'
import { createLevelOf } from './fields.ts'
import { fitModel, type MatchModel } from './fellegi-sunter.ts'
import { oneToOne } from './one-to-one.ts'
import { comparePairs, topLevel } from './patterns.ts'
import { reasonsOf, scorePairs, type FieldReason, type ScoredPairs } from './score-pairs.ts'
import { isOneTable, type Records } from './records.ts'
import type { Random } from '../../math/random.ts'

export interface MatchOptions {
  readonly keys: readonly BlockKey[]
  readonly random: Random
  /** Pairs below are not given. As likely as not (.5) makes the fewest mistakes, by the model. */
  readonly leastProbability?: number
  /** Each record has one partner at most. Between two tables only. */
  readonly oneToOne?: boolean
  readonly limits?: BlockingLimits
  /** See `FitOptions`. */
  readonly leastEqual?: number
}

export interface MatchResult {
  readonly pairs: ScoredPairs
  readonly model: MatchModel
  readonly compared: number
  readonly patterns: number
  readonly blocksLeftOut: number
  readonly pairsLeftOut: number
  /** Why records a (left) and b (right) are, or are not, one person. */
  explain(a: number, b: number): FieldReason[]
  readonly chance: readonly ChanceAgreement[]
}

export function matchRecords(records: Records, options: MatchOptions): MatchResult {
  const { keys, random, leastProbability = 0.5, limits = usualLimits } = options
  if (!(leastProbability > 0 && leastProbability < 1))
    throw new RapportError('invalid_analysis', 'The least probability must be between 0 and 1.')
  if (options.oneToOne === true && isOneTable(records))
    throw new RapportError('invalid_analysis', 'One to one needs two tables.')
  const blocked = blockPairs(records, keys, limits)
  if (blocked.left.length === 0)
    throw new RapportError(
      'invalid_analysis',
      'No two records agree on any key to block on. Name other fields to block on.',
    )
  const patterns = comparePairs(records, blocked)
  const chance = agreementByChance(records, random)
  const model = fitModel(records, patterns, chance, { leastEqual: options.leastEqual ?? 0 })
  const scored = scorePairs(records, blocked, patterns, { model, chance, leastProbability })
  return {
    pairs: options.oneToOne === true ? oneToOne(scored) : scored,
    ...{ model, chance, compared: blocked.left.length, patterns: patterns.count },
    ...{ blocksLeftOut: blocked.blocksLeftOut, pairsLeftOut: blocked.pairsLeftOut },
    explain: createExplain(records, model, chance),
  }
}

function createExplain(
  records: Records,
  model: MatchModel,
  chance: readonly ChanceAgreement[],
): (a: number, b: number) => FieldReason[] {
  const comparers = records.fields.map(createLevelOf)
  return (a, b) => {
    const values = records.left.columns.map((column) => column[a] ?? -1)
    const levels = records.fields.map((field, f) => {
      const [one, other] = [values[f] ?? -1, records.right.columns[f]?.[b] ?? -1]
      if (one < 0 || other < 0) return 0
      return one === other ? topLevel(field) : (comparers[f]?.(one, other) ?? 0)
    })
    return reasonsOf(levels, values, model, chance)
  }
}
