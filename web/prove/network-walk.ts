/** Where the keys lead from somebody: along the edges, and round among those of the same parent. */
import type { NetworkPicture } from '../../src/domain/reports/network.ts'

type Drawing = NetworkPicture['drawing']

export interface Walks {
  /** Places of those whom each brought. */
  readonly below: readonly (readonly number[])[]
  /** Places of those who came by themselves. */
  readonly tops: readonly number[]
}

export function walksOf({ parent }: Drawing): Walks {
  const below: number[][] = parent.map(() => [])
  const tops: number[] = []
  parent.forEach((above, place) => {
    const among = above < 0 ? tops : below[above]
    among?.push(place)
  })
  return { below, tops }
}

/** Null where the key is none of ours, or leads nowhere. */
export function walk(key: string, from: number, { below, tops }: Walks, parent: readonly number[]): number | null {
  const above = parent[from] ?? -1
  const among = above < 0 ? tops : (below[above] ?? [])
  const at = among.indexOf(from)
  const to: Readonly<Record<string, number | undefined>> = {
    ArrowUp: above < 0 ? undefined : above,
    ArrowDown: below[from]?.[0],
    ArrowLeft: among[(at - 1 + among.length) % among.length],
    ArrowRight: among[(at + 1) % among.length],
    Home: tops[0],
    End: tops.at(-1),
  }
  return to[key] ?? null
} // prettier-ignore
