/** Why somebody entered or left, in one sentence. */
import { askBoth } from './facts.ts'
import type { Facts } from './facts.ts'
import type { SegmentCondition } from './node.ts'

/** What holds where it is inside; what does not (any more) where it is outside. */
export function reasonOf(condition: SegmentCondition, facts: Facts, now: number): string {
  const { low, high } = askBoth(now)
  // Histories that were not read decide nothing: what holds at the worst, or fails at the best, does.
  const reason = (part: SegmentCondition): string => {
    const holds = part.verdict(facts, low) > 0
    if (part.combinator === null) return holds ? part.says : `No longer: ${part.says}`
    if (part.not) return holds ? part.says : `No longer: ${part.says}`
    // One suffices: of an "or" that holds, of an "and" that does not.
    const decides = part.parts.find((inner) =>
      holds ? inner.verdict(facts, low) > 0 : inner.verdict(facts, high) < 0,
    )
    return (part.combinator === 'or') === holds && decides ? reason(decides) : part.says
  }
  return reason(condition)
}

export const because = (event: string | null, reason: string): string =>
  [event, reason].filter(Boolean).join(': ').slice(0, 300)
