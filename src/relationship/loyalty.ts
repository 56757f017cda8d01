/**
 * The loyalty loop, read from the newest marks (newest first): loyalty is a choice repeated without
 * looking around in between. A comparison after the last choice means that someone re-evaluates.
 */
import { hasText, readSortableMark } from './aggregate.ts'

export interface Repeats {
  readonly choice: string
  readonly comparison: string
  readonly reconsidered: boolean
}

export function newestMark(
  marks: readonly string[],
): { at: number; id: string; text: string } | null {
  const newest = marks[0]
  return newest === undefined ? null : readSortableMark(newest)
}

export function tagCount(marks: readonly string[], tag: string): number {
  let count = 0
  for (const mark of marks) if (hasText(mark, tag)) count++
  return count
}

/**
 * Choices that follow an earlier choice with no comparison mark between the two (`reconsidered`
 * false), or with one (true).
 */
export function repeatCount(marks: readonly string[], repeats: Repeats): number {
  let count = 0
  let hasChosen = false
  let hasCompared = false
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i] as string
    if (hasText(mark, repeats.comparison)) hasCompared = true
    if (!hasText(mark, repeats.choice)) continue
    if (hasChosen && hasCompared === repeats.reconsidered) count++
    hasChosen = true
    hasCompared = false
  }
  return count
}

/** The first comparison since the last choice (milliseconds), or null where there is none. */
export function reEvaluatingSince(
  marks: readonly string[],
  choice: string,
  comparison: string,
): number | null {
  let since: number | null = null
  for (const mark of marks) {
    const { at, text } = readSortableMark(mark)
    if (text === choice) return since
    if (text === comparison) since = at
  }
  // Comparisons before any choice are shopping, not re-evaluation.
  return null
}
