/** What a test compares: everything that is told of a party, under a name that no order can change. */
import type { Json } from '../../src/domain/touchpoint.ts'
import type { State } from '../../src/relationship/measure-table.ts'

export interface Picture {
  readonly kind: string
  readonly displayName: string
  readonly traits: Readonly<Record<string, Json>>
  /** First sighting of each identifier, by its subject. */
  readonly firstSeen: Readonly<Record<string, number>>
  /** Names of the accounts that a person belongs to. */
  readonly accounts: readonly string[]
  /** Null where nothing but robots' touchpoints is known. */
  readonly standing: { readonly rung: number; readonly health: string } | null
  readonly state: State | null
  /** Changes of rung and health, oldest first; empty without a standing. */
  readonly history: readonly string[]
}

/** Pictures by the subjects that make the party, sorted and joined. */
export type Pictures = ReadonlyMap<string, Picture>

export const nameOfParty = (subjects: Iterable<string>): string => [...subjects].sort().join(' ')

export interface Change {
  readonly at: number
  readonly what: string
  readonly from: string | null
  readonly to: string
}

/** Rung and health may change at one moment: their order among each other says nothing. */
export function historyLines(changes: readonly Change[]): string[] {
  return changes
    .map(({ at, what, from, to }) => `${new Date(at).toISOString()} ${what} ${from} -> ${to}`)
    .sort()
}
