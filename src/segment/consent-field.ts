import type { SegmentField } from '../domain/segment-view.ts'

/** What a purpose may be called, so that it can stand in the path of a property. */
const purposeShape = /^[A-Za-z0-9_ -]{1,60}$/

/** The field of a purpose; null where its name cannot stand in the path of a property. */
export function consentField(purpose: string): SegmentField | null {
  if (!purposeShape.test(purpose)) return null
  return {
    ...{ field: `consent.${purpose}`, name: `Consent: ${purpose}`, group: 'Consent' },
    ...{ type: 'choice', operators: ['equals', 'not_equals'] },
    choices: [
      { value: 'granted', name: 'Granted' },
      { value: 'denied', name: 'Denied' },
      { value: 'unknown', name: 'Never said' },
    ],
  }
}
