/** Of compared journeys: the common sequences with their typical time, and the flow of the last steps. */
import { proportion } from '../../math/binomial-interval.ts'
import { quantileOfSorted } from '../../math/quantile.ts'
import { cutJourney } from '../sequences.ts'
import type { Journeys } from '../journeys.ts'
import type { PathsPicture } from '../../domain/reports/paths.ts'

export interface Compared {
  /** Those who reached the outcome first, then those they are compared with. */
  readonly journeys: Journeys
  /** Of each step: hours before the outcome, or before the cut. */
  readonly hoursBefore: Float64Array
  readonly window: number
  readonly winners: number
}

type Sequence = PathsPicture['sequences'][number]
type Flow = PathsPicture['flow']

const mostSequences = 15
const hoursADay = 24
const none = { value: 0, low: 0, high: 1 }

interface Counted {
  readonly steps: readonly number[]
  readonly isCut: boolean
  reached: number
  others: number
  readonly hours: number[]
}

/** The most common among those who reached it, and among those who did not. */
export function sequencesOf(
  { journeys, hoursBefore, winners }: Compared,
  longest: number,
): Pick<PathsPicture, 'sequences' | 'otherSequences'> {
  const counts = new Map<string, Counted>()
  const all = journeys.reached.length
  for (let j = 0; j < all; j++) {
    const { steps, isCut, first } = cutJourney(journeys, j, { longest, keep: 'last' })
    const key = `${isCut ? 1 : 0} ${steps.join(' ')}`
    const entry = counts.get(key) ?? { steps, isCut, reached: 0, others: 0, hours: [] }
    counts.set(key, entry)
    if (j < winners) {
      entry.reached += 1
      entry.hours.push(hoursBefore[first] ?? 0)
    } else entry.others += 1
  }
  const told = (one: Counted): Sequence => ({
    steps: one.steps.map((step) => journeys.names[step] ?? ''),
    isCut: one.isCut,
    reached: one.reached,
    reachedShare: proportion(one.reached, winners) ?? none,
    others: one.others,
    othersShare: proportion(one.others, all - winners) ?? none,
    typicalDays:
      one.hours.length === 0
        ? null
        : quantileOfSorted(Float64Array.from(one.hours).sort(), 0.5) / hoursADay,
  })
  const most = (of: (one: Counted) => number): Sequence[] =>
    [...counts]
      .filter(([, one]) => of(one) > 0)
      .sort(([a, one], [b, other]) => of(other) - of(one) || (a < b ? -1 : 1))
      .slice(0, mostSequences)
      .map(([, one]) => told(one))
  return { sequences: most((one) => one.reached), otherSequences: most((one) => one.others) }
}

/** Nodes of a column that have a name of their own; the rest are one. */
const mostNodes = 6
const other = '(other)'
const begin = '(begin)'

/**
 * Who reached it, step by step: the last column is the last step before the outcome. Somebody who
 * took fewer steps begins later, and stands in none of the columns before.
 */
export function flowBefore({ journeys, winners }: Compared, longest: number): Flow {
  const paths = Array.from({ length: winners }, (_, j) => {
    const { steps } = cutJourney(journeys, j, { longest, keep: 'last' })
    return [...Array.from({ length: longest - steps.length }, () => -1), ...steps]
  })
  const columns = Array.from({ length: longest }, (_, column) => {
    const counts = new Map<number, number>()
    for (const path of paths) {
      const step = path[column] ?? -1
      if (step >= 0) counts.set(step, (counts.get(step) ?? 0) + 1)
    }
    return [...counts].sort(([a, one], [b, two]) => two - one || a - b)
  })
  const named = columns.map((counts) => new Set(counts.slice(0, mostNodes).map(([step]) => step)))
  const idAt = (column: number, step: number): string =>
    step < 0 ? begin : named[column]?.has(step) === true ? (journeys.names[step] ?? '') : other
  const links = new Map<string, Flow['links'][number]>()
  for (const path of paths) {
    for (let column = 0; column < longest - 1; column++) {
      const from = idAt(column, path[column] ?? -1)
      const to = idAt(column + 1, path[column + 1] ?? -1)
      if (to === begin) continue
      const key = JSON.stringify([column, from, to])
      const link = links.get(key) ?? { column, from, to, people: 0 }
      link.people += 1
      links.set(key, link)
    }
  }
  return {
    columns: columns.map((counts) => nodesOf(counts, journeys.names)),
    links: [...links.values()].sort((one, two) => one.column - two.column || two.people - one.people), // prettier-ignore
  }
}

function nodesOf(
  counts: readonly (readonly [number, number])[],
  names: readonly string[],
): Flow['columns'][number] {
  const shown = counts.slice(0, mostNodes).map(([step, people]) => {
    const name = names[step] ?? ''
    return { id: name, name, people }
  })
  const rest = counts.slice(mostNodes).reduce((sum, [, people]) => sum + people, 0)
  return rest === 0 ? shown : [...shown, { id: other, name: 'Other', people: rest }]
}
