/**
 * The credit ledger: one book in which every outcome is shared out once, by one method, in whole
 * units (cents, or millionths of an outcome). The parts of an outcome add up to it exactly, so no
 * outcome can be credited with more than 100 %, however many teams read from the book.
 */
import { apportion } from '../../math/apportion.ts'
import { orderOf, type Attribution, type MethodName } from './attribute.ts'
import { RapportError } from '../../domain/error.ts'
import { ruleNames, stepShares, type RuleOptions } from './rules.ts'

/** An outcome as a whole number of parts. */
export const wholeOutcome = 1_000_000

export interface OutcomeCredit {
  /** Channels of the path, oldest first. */
  readonly steps: ArrayLike<number>
  readonly method: MethodName
  readonly rule: RuleOptions
  /** Of the method's order, one a channel; only Markov needs them. */
  readonly removalEffects?: Float64Array
}

/**
 * What each step of one outcome is credited with, of `amount` units. Markov and Shapley know channels:
 * those of the path share by removal effect, or equally, and each divides among its touches.
 */
export function creditOutcome(amount: number, credit: OutcomeCredit): Float64Array {
  return apportion(amount, weightsOf(credit))
}

function weightsOf({ steps, method, rule, removalEffects }: OutcomeCredit): Float64Array {
  const name = ruleNames.find((one) => one === method)
  if (name) return stepShares(name, steps.length, rule)
  const touches = new Map<number, number>()
  for (let i = 0; i < steps.length; i++) {
    touches.set(steps[i] ?? 0, (touches.get(steps[i] ?? 0) ?? 0) + 1)
  }
  const isMarkov = orderOf(method) !== null
  if (isMarkov && !removalEffects)
    throw new RapportError('invalid_analysis', 'Markov credit needs the removal effects.')
  const weightOf = (channel: number): number => (isMarkov ? (removalEffects?.[channel] ?? 0) : 1)
  return Float64Array.from({ length: steps.length }, (_, i) => {
    const channel = steps[i] ?? 0
    return weightOf(channel) / (touches.get(channel) ?? 1)
  })
}

export interface LedgerRow {
  /** Null for what nobody is credited with. */
  readonly channel: string | null
  readonly method: MethodName
  readonly conversions: number
  readonly value: number
}

/** All credit by channel and method. The rows of each method add up to the totals. */
export function creditLedger({ channels, credits, totals }: Attribution): LedgerRow[] {
  return [...credits].flatMap(([method, credit]) => {
    const rows: LedgerRow[] = channels.map((channel, c) => ({
      channel,
      method,
      conversions: credit.conversions[c] ?? 0,
      value: credit.value[c] ?? 0,
    }))
    const credited = (read: (row: LedgerRow) => number): number =>
      rows.reduce((sum, row) => sum + read(row), 0)
    // Also what no removal effect speaks for: then nobody earned it by this method.
    const conversions = restOf(
      totals.conversions,
      credited((row) => row.conversions),
    )
    const value = restOf(
      totals.value,
      credited((row) => row.value),
    )
    return conversions > 0 || value > 0
      ? [...rows, { channel: null, method, conversions, value }]
      : rows
  })
}

/** A rest smaller than rounding is none. */
function restOf(total: number, credited: number): number {
  const rest = total - credited
  return rest > 1e-9 * total ? rest : 0
}
