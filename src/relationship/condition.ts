/** Conditions of rungs and health: whether they hold, when time alone flips them, how they read. */
import { compileTerm, compileTotal, dimensionTotal, neverDays } from './term.ts'
import { nextCrossing } from './curve.ts'
import type { CompiledTerm } from './term.ts'
import type { Condition, Leaf, Term } from './model-schema.ts'
import type { MeasureTable, State } from './measure-table.ts'

export interface CompiledCondition {
  holds(state: State, now: number): boolean
  /**
   * A time after `now` before which it does not flip by time alone; Infinity if it never does. Not
   * too late; it may be too early where several parts must flip.
   */
  flipsAt(state: State, now: number): number
  /** The single comparisons in it, for reading. */
  readonly leaves: readonly CompiledLeaf[]
  /** The comparisons that keep it from holding. */
  missing(state: State, now: number): CompiledLeaf[]
}

export interface CompiledLeaf extends CompiledCondition {
  readonly term: CompiledTerm
  readonly isAge: boolean
  readonly needs: number
  readonly direction: 'at_least' | 'at_most'
  readonly says: string
  /** What a person reads when it has ceased to hold. */
  readonly broken: string
}

export function compileCondition(condition: Condition, table: MeasureTable): CompiledCondition {
  if ('all' in condition) return every(condition.all.map((part) => compileCondition(part, table)))
  if ('any' in condition) return some(condition.any.map((part) => compileCondition(part, table)))
  if ('not' in condition) return negated(compileCondition(condition.not, table))
  return compileLeaf(condition, table)
}

type Parts = readonly CompiledCondition[]

function earliest(parts: Parts, state: State, now: number): number {
  let time = Infinity
  for (const part of parts) time = Math.min(time, part.flipsAt(state, now))
  return time
}

/** When the last of those that (do not) hold may flip: before that, the others decide alone. */
function latestOf(parts: Parts, holding: boolean, state: State, now: number): number {
  let time = -Infinity
  for (const part of parts) {
    if (part.holds(state, now) !== holding) continue
    time = Math.max(time, part.flipsAt(state, now))
    // Most conditions wait for something that time alone never brings.
    if (time === Infinity) break
  }
  return time
}

/** Breaks with the first part that flips; comes to hold no sooner than every missing part has. */
function every(parts: Parts): CompiledCondition {
  // Asked several times for every touchpoint: a loop, where a closure each time is a tenth of all garbage.
  const holds = (state: State, now: number): boolean => {
    for (const part of parts) if (!part.holds(state, now)) return false
    return true
  }
  return {
    holds,
    flipsAt: (state, now) =>
      holds(state, now) ? earliest(parts, state, now) : latestOf(parts, false, state, now),
    leaves: parts.flatMap(({ leaves }) => leaves),
    missing: (state, now) => parts.flatMap((part) => part.missing(state, now)),
  }
}

/** Comes to hold with the first part that flips; breaks no sooner than every holding part has. */
function some(parts: Parts): CompiledCondition {
  const holds = (state: State, now: number): boolean => {
    for (const part of parts) if (part.holds(state, now)) return true
    return false
  }
  return {
    holds,
    flipsAt: (state, now) =>
      holds(state, now) ? latestOf(parts, true, state, now) : earliest(parts, state, now),
    leaves: parts.flatMap(({ leaves }) => leaves),
    // Any one would do, so none is missing as soon as one holds.
    missing: (state, now) =>
      holds(state, now) ? [] : parts.flatMap((part) => part.missing(state, now)),
  }
}

function negated(part: CompiledCondition): CompiledCondition {
  const holds = (state: State, now: number): boolean => !part.holds(state, now)
  return {
    holds,
    flipsAt: (state, now) => part.flipsAt(state, now),
    leaves: part.leaves.map(opposite),
    missing: (state, now) =>
      holds(state, now) ? [] : part.leaves.filter((leaf) => leaf.holds(state, now)).map(opposite),
  }
}

/** A comparison within a `not`: it is good where the one written does not hold. */
function opposite(leaf: CompiledLeaf): CompiledLeaf {
  const holds = (state: State, now: number): boolean => !leaf.holds(state, now)
  const self: CompiledLeaf = {
    ...leaf,
    direction: leaf.direction === 'at_least' ? 'at_most' : 'at_least',
    says: `Not: ${leaf.says}`,
    broken: leaf.says,
    holds,
    get leaves() {
      return [self]
    },
    missing: (state, now) => (holds(state, now) ? [] : [self]),
  }
  return self
}

function compileLeaf(leaf: Leaf, table: MeasureTable): CompiledLeaf {
  const { at_least: atLeast, at_most: atMost, says, ...parts } = leaf
  const term = compileTerm(parts, table)
  const direction = atLeast === undefined ? 'at_most' : 'at_least'
  const needs = (atLeast ?? atMost) as number
  const compared = comparedOf(parts, { term, needs, direction }, table)
  const { at } = compared
  const strict = direction === 'at_most'
  const isAbove = (state: State, now: number): boolean => {
    const value = compared.term.value(state, now)
    return strict ? value > at : value >= at
  }
  const holds = (state: State, now: number): boolean => isAbove(state, now) !== strict
  const sense = says ?? sentence(term.name, direction, needs)
  const self: CompiledLeaf = {
    term,
    isAge: parts.age === true,
    needs,
    direction,
    says: sense,
    broken: `No longer: ${sense}`,
    holds,
    flipsAt: (state, now) =>
      !compared.term.moves(state)
        ? Infinity
        : (nextCrossing(compared.term.curve(state, now), { at, strict }, now, (time) =>
            isAbove(state, time),
          ) ?? Infinity),
    get leaves() {
      return [self]
    },
    missing: (state, now) => (holds(state, now) ? [] : [self]),
  }
  return self
}

/**
 * What is compared with what. A dimension is a monotone transform of its total, so its threshold
 * moves to the total, for holding and for foretelling alike: two formulas could round differently.
 */
function comparedOf(
  { dimension: id }: Term,
  { term, needs, direction }: Pick<CompiledLeaf, 'term' | 'needs' | 'direction'>,
  table: MeasureTable,
): { readonly term: CompiledTerm; readonly at: number } {
  const dimension = id === undefined ? undefined : table.declared.dimensions[id]
  if (!dimension) return { term, at: needs }
  // Any total below 0 reads 0, so a score of at least 0 always holds, and one below 0 never does.
  const isBelowAll = needs < 0 || (needs === 0 && direction === 'at_least')
  const at = isBelowAll ? -Infinity : dimensionTotal(needs, dimension.half)
  return { term: compileTotal(dimension.of, table), at }
}

function sentence(name: string, direction: 'at_least' | 'at_most', needs: number): string {
  const figure = Number.isInteger(needs) ? String(needs) : needs.toFixed(1)
  return `${name} ${direction === 'at_least' ? 'at least' : 'at most'} ${figure}`
}

/** The value of a comparison for reading: null where "days since" has nothing to count from. */
export function leafValue(leaf: CompiledLeaf, state: State, now: number): number | null {
  const value = leaf.term.value(state, now)
  return leaf.isAge && value >= neverDays ? null : value
}
