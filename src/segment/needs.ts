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
  /** Predicted quantities: they change when scores are written. */
  readonly predictions: ReadonlySet<string>
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
  predictions: new Set(),
  subjects: false,
  history: null,
  accounts: null,
}

const union = <T>(sets: readonly (ReadonlySet<T> | null)[]): ReadonlySet<T> | null => {
  const all = new Set<T>()
  for (const set of sets) {
    if (set === null) return null
    for (const one of set) all.add(one)
  }
  return all
}
const whole = <T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> => union(sets) ?? new Set()

export function addNeeds(all: readonly Needs[]): Needs {
  const accounts = all.flatMap((needs) => needs.accounts ?? [])
  return {
    measures: whole(all.map(({ measures }) => measures)),
    kinds: union(all.map(({ kinds }) => kinds)),
    standing: all.some(({ standing }) => standing),
    traits: whole(all.map(({ traits }) => traits)),
    predictions: whole(all.map(({ predictions }) => predictions)),
    subjects: all.some(({ subjects }) => subjects),
    history: all.reduce<HistoryNeeds | null>((sum, { history }) => addHistory(sum, history), null),
    accounts: accounts.length > 0 ? addNeeds(accounts) : null,
  }
}

function addHistory(a: HistoryNeeds | null, b: HistoryNeeds | null): HistoryNeeds | null {
  if (!a || !b) return a ?? b
  return {
    kinds: union([a.kinds, b.kinds]),
    back: Math.max(a.back, b.back),
    bodies: a.bodies || b.bodies,
  }
}

/** Whether a history must be read, the party's own or that of its accounts. */
export const needsHistory = (needs: Needs): boolean =>
  needs.history !== null || (needs.accounts !== null && needsHistory(needs.accounts))
