import { words } from '../domain/words.ts'
import type { PathsPicture } from '../../src/domain/reports/paths.ts'

/** A step on screen: names of content are as they are written, kinds and channels become words. */
export function stepName(step: string, by: PathsPicture['by']): string {
  return by === 'series' || by === 'content' ? step : words(step)
}

export const stepNames = (steps: readonly string[], by: PathsPicture['by']): string =>
  steps.map((step) => stepName(step, by)).join(' → ')
