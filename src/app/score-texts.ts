import { sentimentOf } from '../listen/sentiment.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'

/** Gives every touchpoint with words of the customer its sentiment, -1..1. */
export function scoreTexts(touchpoints: readonly IncomingTouchpoint[]): IncomingTouchpoint[] {
  return touchpoints.map((touchpoint) =>
    touchpoint.text === null || touchpoint.sentiment !== null
      ? touchpoint
      : { ...touchpoint, sentiment: sentimentOf(touchpoint.text) },
  )
}
