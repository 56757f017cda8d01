/** How far up the ladder somebody comes by nothing but reading: such rises prove nothing about content. */
import { dayMilliseconds } from '../../relationship/duration.ts'
import { foldTouchpoints } from '../../relationship/fold.ts'
import { rungOf } from '../../relationship/standing.ts'
import { contentKinds } from './visit-kinds.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { Touchpoint } from '../../domain/touchpoint.ts'

/** Readings of an eager reader, one a day, ending today. */
const readings = 30
const eagerKinds = contentKinds.filter((kind) =>
  ['content_viewed', 'content_downloaded', 'video_watched'].includes(kind),
)

/** Place of the highest rung that reading alone carries somebody to in this model. */
export function rungByReadingAlone(model: CompiledModel, now: number): number {
  const touchpoints = Array.from({ length: readings }, (_, index): Touchpoint => {
    const at = now - index * dayMilliseconds
    const number = String(index).padStart(12, '0')
    return {
      id: `00000000-0000-8000-8000-${number}`,
      subjectId: '00000000-0000-8000-8000-000000000000',
      occurredAt: at,
      receivedAt: at,
      sourceId: '',
      type: 'track',
      kind: eagerKinds[index % eagerKinds.length] ?? 'content_viewed',
      event: '',
      channel: 'web',
      ...{ bot: false, amountMinor: null, currency: null, score: null, sentiment: null },
      properties: {},
      context: {},
    }
  })
  return rungOf(model, foldTouchpoints(model, touchpoints), now)
}
