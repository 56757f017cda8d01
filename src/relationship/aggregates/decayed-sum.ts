import { clickhouseFloat } from '../clickhouse-literal.ts'
import type { Aggregate } from '../aggregate.ts'

/**
 * A sum that halves every half-life h, kept as ONE number that does not change with time: the level
 *
 *   L = log2( sum_i w_i * 2^(t_i / h) )       w_i > 0, t_i and h in milliseconds
 *
 * so the value at `now` is 2^(L - now/h). This is forward decay (Cormode, Shkapenyuk, Srivastava,
 * Xu, ICDE 2009) with the landmark at 1970, in the logarithm, where it cannot overflow. Merging is
 *
 *   L1 (+) L2 = max + log2(1 + 2^-|L1 - L2|)
 *
 * commutative and associative, with the error of one rounding a merge: at a half-life of 14 days
 * L is about 1,500, and a double holds the value to about 2e-13 of itself.
 */
export function decayedSum(halfLife: number): Aggregate<number> {
  return {
    columns: [{ suffix: '', type: 'float8' }],
    lift: ({ at, amount }) => (amount > 0 ? Math.log2(amount) + at / halfLife : null),
    merge: addLevels,
    toCells: (state) => [state],
    fromCells: ([cell]) => (cell === null || cell === undefined ? null : Number(cell)),
    // Beyond 64 the smaller one is below the last bit; the cap keeps power() from underflowing,
    // which PostgreSQL treats as an error.
    postgresMerge: ([left], [right]) => [
      `coalesce(greatest(${left}, ${right})` +
        ` + ln(1 + power(2, -least(abs(${left} - ${right}), 64))) / 0.6931471805599453,` +
        ` ${left}, ${right})`,
    ],
    // Seen from `now` the exponents are negative, so nothing overflows; what underflows is nothing.
    // Written alike for all measures of a half-life, the power is taken once.
    clickhouse: ({ when, at, amount, now }) => {
      const faded = `exp2((${at} - ${now}) / ${halfLife})`
      const total =
        typeof amount === 'string'
          ? `sumIf((${amount}) * ${faded}, (${when}) and (${amount}) > 0)`
          : `${clickhouseFloat(Math.max(0, amount))} * sumIf(${faded}, ${when})`
      return [`if(${total} > 0, log2(${total}) + ${now} / ${halfLife}, null)`]
    },
  }
}

export function addLevels(left: number, right: number): number {
  const difference = Math.abs(left - right)
  if (difference > 64) return Math.max(left, right)
  return Math.max(left, right) + Math.log1p(2 ** -difference) / Math.LN2
}

/** Value of a level at `now` (milliseconds): 2^(L - now/h). */
export function levelValue(level: number, now: number, halfLife: number): number {
  return 2 ** (level - now / halfLife)
}
