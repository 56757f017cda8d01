/** Rules in words. */
import type { SegmentOperator, SegmentRule } from '../domain/segment-view.ts'

const operators: Readonly<Record<SegmentOperator, string>> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'begins with',
  ends_with: 'ends with',
  exists: 'is known',
  not_exists: 'is not known',
  at_least: 'at least',
  at_most: 'at most',
  above: 'above',
  below: 'below',
  between: 'between',
  any: 'any with',
  none: 'none with',
  happened: 'happened',
  not_happened: 'did not happen',
}

/** "Purchases at least 3" */
export function words(
  name: string,
  { operator, value }: Pick<SegmentRule, 'operator' | 'value'>,
  unit = '',
): string {
  const said = Array.isArray(value)
    ? value.slice(0, 5).join(operator === 'between' ? ' and ' : ', ') +
      (value.length > 5 ? ' and others' : '')
    : typeof value === 'object' || value === undefined
      ? ''
      : String(value)
  return [name, operators[operator], said, unit].filter((part) => part !== '').join(' ').slice(0, 250) // prettier-ignore
}
