/**
 * Consent for a purpose as the person last said it: `context.consent.categoryPreferences` of the newest
 * touchpoint that says anything on the purpose, as clients of the Segment protocol send it. Who never
 * said anything is unknown, which is neither granted nor denied.
 */
import { historyRule } from './history-rules.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'

export function consentRule(rule: SegmentRule, factors: CurrencyFactors): SegmentCondition {
  const purpose = rule.field.slice('consent.'.length)
  const property = `context.consent.categoryPreferences.${purpose}`
  const said = { where: [{ property, operator: 'exists' as const }] }
  const is = rule.operator === 'equals'
  const says = `Consent to ${purpose} is ${is ? '' : 'not '}${rule.value === 'unknown' ? 'unknown' : String(rule.value)}`
  const asked: SegmentRule =
    rule.value === 'unknown'
      ? { field: 'touchpoint.count', operator: is ? 'at_most' : 'at_least', value: is ? 0 : 1, of: said } // prettier-ignore
      : { field: 'touchpoint.last', operator: rule.operator, value: rule.value === 'granted', of: said, property } // prettier-ignore
  return historyRule(asked, factors, says)
}
