/** From codes to people: who brought whom, as numbered people for the arithmetic. */
import { mainCurrency, type Networked, type Told } from './network-queries.ts'
import type { Referrals } from '../network/forest.ts'

export interface NetworkPeople {
  /** Party of each number. */
  readonly parties: readonly string[]
  readonly numberOf: ReadonlyMap<string, number>
  /** Who brought whom: the first code that somebody carried soon after they came first. */
  readonly referrals: Referrals
  /** Everybody whose code somebody carried, at any time: in these, rings are looked for. */
  readonly carried: Referrals
  /** The currency that most of them paid in. */
  readonly currency: string | null
  readonly valueMinor: Float64Array
  readonly otherCurrencies: number
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly at: number
}

export interface Gathered {
  readonly networked: readonly Networked[]
  readonly told: readonly Told[]
  /** Milliseconds after the first touchpoint in which a code still counts. */
  readonly within: number
}

export function networkPeople({ networked, told, within }: Gathered): NetworkPeople {
  const known = new Map(networked.map((one) => [one.party, one]))
  const edges: Edge[] = []
  const carried: Edge[] = []
  for (const { party, carried: codes, firstAt: first } of networked) {
    for (const { maker, at } of codes) {
      carried.push({ from: maker, to: party, at })
      if (at - first <= within) edges.push({ from: maker, to: party, at })
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
  const currency = mainCurrency(networked)
  const value = Float64Array.from(parties, (party) => known.get(party)?.money[currency ?? ''] ?? 0)
  return {
    ...{ parties, numberOf, currency },
    referrals: columnsOf(edges, numberOf, value),
    carried: columnsOf(carried, numberOf, value),
    valueMinor: value,
    otherCurrencies: parties.filter((party) =>
      Object.keys(known.get(party)?.money ?? {}).some((one) => one !== currency),
    ).length,
  }
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
