/** What a condition on a history says that was not read: bounds, between which the truth lies. */
import type { Question, Verdict } from './facts.ts'

export interface Bounds {
  readonly least?: Verdict
  readonly most?: Verdict
}

export function unread({ assumed, kept }: Question, { least, most }: Bounds = {}): Verdict {
  return assumed < 0
    ? Math.max(assumed, kept, least ?? -Infinity)
    : Math.min(assumed, most ?? Infinity)
}

/**
 * What some of a history tell of all of it, where more of it can only have a condition hold (or only
 * keep it from holding): what they suffice for, the whole does.
 */
export function boundsOf(verdict: Verdict, more: 'helps' | 'hinders' | 'unclear'): Bounds {
  if (more === 'helps' && verdict > 0) return { least: verdict }
  return more === 'hinders' && verdict < 0 ? { most: verdict } : {}
}
