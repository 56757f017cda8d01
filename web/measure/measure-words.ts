/** A measure's number as a person reads it: an amount, a moment or a plain figure. */
import type { Measure, Model } from '../../src/relationship/model-schema.ts'
import { formatMajor, formatNumber } from '../ui/number.ts'

const momentFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })

/** True where the number is a moment, in milliseconds since 1970. */
export function isMoment(measure: Measure | undefined): boolean {
  return measure?.of.some((entry) => 'field' in entry && entry.field === 'occurred_at') === true
}

export function formatMeasured(
  value: number,
  { measure, unit, currency }: { measure: Measure | undefined; unit: string; currency: string },
): string {
  if (isMoment(measure)) return momentFormat.format(value)
  if (unit === currency) return formatMajor(value, currency)
  if (unit === '') return formatNumber(value)
  // '1 times' and '1 days of the last 64' read wrong; a unit's first word is its plural.
  return `${formatNumber(value)} ${value === 1 ? unit.replace(/^(\w+)s\b/, '$1') : unit}`
}

/** The measure that an `of` names, where it names one. */
export function measureOf(model: Model | undefined, of: string): Measure | undefined {
  return of.startsWith('measure:') ? model?.measures[of.slice('measure:'.length)] : undefined
}
