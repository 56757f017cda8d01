/** From codes to people: who brought whom, as numbered people for the arithmetic. */
import type { Signed, Told } from './network-queries.ts'
import type { Referrals } from '../network/forest.ts'

export interface NetworkPeople {
  /** Party of each number. */
  readonly parties: readonly string[]
  readonly numberOf: ReadonlyMap<string, number>
  /** Who brought whom: the first code that somebody carried soon after they came first. */
  readonly referrals: Referrals
  /** Everybody whose code somebody carried, at any time: in these, rings are looked for. */
  readonly carried: Referrals
  readonly valueMinor: Float64Array
  readonly unknownCodes: number
  readonly otherCurrencies: number
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly at: number
}

export interface Gathered {
  readonly signed: readonly Signed[]
  readonly currency: string | null
  readonly told: readonly Told[]
  /** Milliseconds after the first touchpoint in which a code still counts. */
  readonly within: number
}

export function networkPeople({ signed, currency, told, within }: Gathered): NetworkPeople {
  const makerOf = makers(signed)
  const known = new Map(signed.map((one) => [one.party, one]))
  const edges: Edge[] = []
  const carried: Edge[] = []
  const strangers = new Set<string>()
  for (const { party, signs, firstAt } of signed) {
    const seen = new Set<string>()
    for (const { code, makes, at } of signs.toSorted((a, b) => a.at - b.at)) {
      if (makes || code === '' || seen.has(code)) continue
      seen.add(code)
      const maker = makerOf.get(code)
      if (maker === undefined) strangers.add(party)
      // With one's own code nobody comes: it is opened to try it.
      if (maker === undefined || maker === party) continue
      carried.push({ from: maker, to: party, at })
      if (at - firstAt <= within) edges.push({ from: maker, to: party, at })
    }
  }
  for (const { party, referrer } of told) {
    const at = known.get(party)?.firstAt
    if (at === undefined) continue
    // Said outright by the source: before any code.
    edges.push({ from: referrer, to: party, at: at - 1 })
    carried.push({ from: referrer, to: party, at })
  }
  const numberOf = new Map<string, number>()
  for (const { from, to } of carried)
    for (const party of [from, to]) if (!numberOf.has(party)) numberOf.set(party, numberOf.size)
  const parties = [...numberOf.keys()]
  const value = Float64Array.from(parties, (party) => known.get(party)?.money[currency ?? ''] ?? 0)
  return {
    parties,
    numberOf,
    referrals: columnsOf(edges, numberOf, value),
    carried: columnsOf(carried, numberOf, value),
    valueMinor: value,
    unknownCodes: strangers.size,
    otherCurrencies: parties.filter((party) =>
      Object.keys(known.get(party)?.money ?? {}).some((one) => one !== currency),
    ).length,
  }
}

/** The first who brought others by a code has made it. */
function makers(signed: readonly Signed[]): Map<string, string> {
  const first = new Map<string, { party: string; at: number }>()
  for (const { party, signs } of signed)
    for (const { code, makes, at } of signs)
      if (makes && code !== '' && at < (first.get(code)?.at ?? Infinity))
        first.set(code, { party, at })
  return new Map([...first].map(([code, { party }]) => [code, party]))
}

function columnsOf(
  edges: readonly Edge[],
  numberOf: ReadonlyMap<string, number>,
  value: Float64Array,
): Referrals {
  const to = Int32Array.from(edges, (edge) => numberOf.get(edge.to) ?? 0)
  return {
    personCount: numberOf.size,
    from: Int32Array.from(edges, (edge) => numberOf.get(edge.from) ?? 0),
    to,
    times: Float64Array.from(edges, ({ at }) => at),
    values: Float64Array.from(to, (person) => value[person] ?? 0),
  }
}
