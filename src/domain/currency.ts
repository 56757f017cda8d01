/**
 * Minor units of currencies where they are not two (ISO 4217, list one, 2024). Not taken from `Intl`,
 * whose data rounds some currencies as people pay them in cash (IQD, LAK, AFN and others).
 */
const unusualDigits: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
])

/** Digits after the decimal point of an amount in this currency; two where it is unknown. */
export function minorDigits(currency: string | null): number {
  return (currency === null ? undefined : unusualDigits.get(currency)) ?? 2
}
