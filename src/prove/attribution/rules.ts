/**
 * The rules that credit the steps of one path by where they stand: first, last, linear, time decay,
 * position. One outcome has one credit; the shares of its steps add up to 1.
 */
export const ruleNames = ['first', 'last', 'linear', 'time_decay', 'position'] as const
export type RuleName = (typeof ruleNames)[number]

/** Position ("U-shaped"): 40 % to the first, 40 % to the last, the rest to those between. */
export const endShare = 0.4

/** In steps where paths have no ages, in days where they have. */
export const usualHalfLife = 7

export interface RuleOptions {
  readonly halfLife: number
  /** Days before the outcome, of each step. */
  readonly ages?: ArrayLike<number>
}

/** Shares of `length` steps; the plain form of what `countRules` adds up. */
export function stepShares(rule: RuleName, length: number, options: RuleOptions): Float64Array {
  const shares = new Float64Array(length)
  if (length === 0) return shares
  if (rule === 'first') shares[0] = 1
  else if (rule === 'last') shares[length - 1] = 1
  else if (rule === 'linear') shares.fill(1 / length)
  else if (rule === 'position') fillByPosition(shares)
  else fillByAge(shares, options)
  return shares
}

/** One step gets all, two get half each. */
function fillByPosition(shares: Float64Array): void {
  const last = shares.length - 1
  if (last < 2) return void shares.fill(1 / shares.length)
  shares.fill((1 - 2 * endShare) / (last - 1))
  shares[0] = endShare
  shares[last] = endShare
}

/**
 * Weight 2^(-age / half-life), made to add up to 1. Ages are taken from the newest step, which
 * changes no share and keeps old paths from vanishing into nothing.
 */
function fillByAge(shares: Float64Array, { halfLife, ages }: RuleOptions): void {
  const { length } = shares
  let newest = Infinity
  for (let i = 0; ages && i < length; i++) newest = Math.min(newest, ages[i] ?? 0)
  let sum = 0
  for (let i = 0; i < length; i++) {
    const age = ages ? (ages[i] ?? 0) - newest : length - 1 - i
    const weight = 2 ** (-age / halfLife)
    shares[i] = weight
    sum += weight
  }
  for (let i = 0; i < length; i++) shares[i] = (shares[i] ?? 0) / sum
}
