/** What a tree depends on: what must be read for it, and which touchpoints may change it. */
import type { TouchpointKind } from '../domain/touchpoint-kind.ts'

export interface Needs {
  /** Places of the measures it reads. */
  readonly measures: ReadonlySet<number>
  /** Kinds of touchpoints that may change it; null where any may. */
  readonly kinds: ReadonlySet<TouchpointKind> | null
  /** Whether it changes with rung or health. */
  readonly standing: boolean
  readonly traits: ReadonlySet<string>
  readonly subjects: boolean
  readonly history: HistoryNeeds | null
  /** Of the accounts that a person belongs to. */
  readonly accounts: Needs | null
}

export interface HistoryNeeds {
  readonly kinds: ReadonlySet<TouchpointKind> | null
  /** Milliseconds back from now; Infinity for all. */
  readonly back: number
  /** Whether properties or the context are read. */
  readonly bodies: boolean
}

export const noNeeds: Needs = {
  measures: new Set(),
  kinds: new Set(),
  standing: false,
  traits: new Set(),
  subjects: false,
  history: null,
  accounts: null,
}

const union = <T>(a: ReadonlySet<T> | null, b: ReadonlySet<T> | null): ReadonlySet<T> | null =>
  a === null || b === null ? null : new Set([...a, ...b])

export function addNeeds(all: readonly Needs[]): Needs {
  return all.reduce(
    (a, b) => ({
      measures: new Set([...a.measures, ...b.measures]),
      kinds: union(a.kinds, b.kinds),
      standing: a.standing || b.standing,
      traits: new Set([...a.traits, ...b.traits]),
      subjects: a.subjects || b.subjects,
      history: addHistory(a.history, b.history),
      accounts: a.accounts && b.accounts ? addNeeds([a.accounts, b.accounts]) : (a.accounts ?? b.accounts),
    }),
    noNeeds,
  ) // prettier-ignore
}

function addHistory(a: HistoryNeeds | null, b: HistoryNeeds | null): HistoryNeeds | null {
  if (!a || !b) return a ?? b
  return {
    kinds: union(a.kinds, b.kinds),
    back: Math.max(a.back, b.back),
    bodies: a.bodies || b.bodies,
  }
}

/** Whether a history must be read, the party's own or that of its accounts. */
export const needsHistory = (needs: Needs): boolean =>
  needs.history !== null || (needs.accounts !== null && needsHistory(needs.accounts))
