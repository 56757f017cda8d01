/** Which segments have to look at which parties again, and what need not be looked at for that. */
import { needsHistory } from './needs.ts'
import type { ActiveSegment } from './catalogue.ts'
import type { Cause, Causes } from './causes.ts'
import type { Needs } from './needs.ts'
import type { SegmentCondition } from './node.ts'

/** Segments that may say something else of a party now; parties of whom none does are left out. */
export function concernedBy(
  active: readonly ActiveSegment[],
  causes: Causes,
): Map<string, readonly ActiveSegment[]> {
  const concerned = new Map<string, readonly ActiveSegment[]>()
  // What happened to most parties of a batch is of the same kind.
  const known = new Map<string, { loose: readonly ActiveSegment[]; isExact: boolean }>()
  for (const [partyId, cause] of causes) {
    const key = keyOf(cause)
    let found = known.get(key)
    if (!found) {
      const loose = active.filter(({ condition }) => isConcerned(condition.needs, cause))
      const isExact = !loose.some(({ condition }) => condition.needs.history)
      known.set(key, (found = { loose, isExact }))
    }
    const { loose, isExact } = found
    const segments = isExact ? loose : loose.filter((one) => isTouched(one.condition, cause))
    if (segments.length > 0) concerned.set(partyId, segments)
  }
  return concerned
}

function keyOf({
  kinds,
  hasTraits,
  hasNewStanding,
  isWhole,
  byAccount,
  hasNewScores,
}: Cause): string {
  const flags =
    +hasTraits | (+hasNewStanding << 1) | (+isWhole << 2) | (+byAccount << 3) | (+hasNewScores << 4)
  return [flags, ...kinds].join(' ')
}

/** By the kinds of touchpoints alone. */
function isConcerned(needs: Needs, cause: Cause): boolean {
  if (cause.isWhole) return true
  return isMoved(needs, cause) || hasKind(needs, cause)
}

/** Something other than the touchpoints themselves may have changed it. */
function isMoved(
  { traits, standing, subjects, accounts, predictions }: Needs,
  cause: Cause,
): boolean {
  return (
    (cause.kinds.size > 0 && subjects) ||
    (cause.hasTraits && traits.size > 0) ||
    (cause.hasNewStanding && standing) ||
    (cause.hasNewScores && predictions.size > 0) ||
    (cause.byAccount && accounts !== null)
  )
}

function hasKind({ kinds }: Needs, cause: Cause): boolean {
  if (kinds === null) return cause.kinds.size > 0
  for (const kind of cause.kinds) if (kinds.has(kind)) return true
  return false
}

/** A condition on a history says itself whether a touchpoint is one that it counts. */
function isTouched(condition: SegmentCondition, cause: Cause): boolean {
  const { needs } = condition
  if (!needs.history || cause.isWhole || isMoved(needs, cause)) return true
  const touches = (part: SegmentCondition): boolean => {
    const { effect, parts } = part
    if (effect) return cause.touchpoints.some((touchpoint) => effect(touchpoint) !== 'none')
    if (part.needs.history && parts.length > 0) return parts.some(touches)
    return hasKind(part.needs, cause)
  }
  return touches(condition)
}

/**
 * Whether a party that is inside stays so as far as histories decide, until the time that is known:
 * each of them must hold, and what came can only have it hold for longer.
 */
export function isKept({ conjuncts }: SegmentCondition, { isWhole, touchpoints }: Cause): boolean {
  if (isWhole) return false
  return conjuncts.every(({ needs, effect }) => {
    if (!needsHistory(needs)) return true
    return effect !== null && touchpoints.every((touchpoint) => effect(touchpoint) !== 'any')
  })
}
