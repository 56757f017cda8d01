/** What conditions can be built of: the fields, for the builder in the app and for the check. */
import { anyOperators } from './comparison.ts'
import { consentField } from './consent-field.ts'
import { predictionUnit } from './prediction-rule.ts'
import { quantityIds } from '../domain/prediction-view.ts'
import { quantityNames } from '../domain/quantity.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Measure } from '../relationship/model-schema.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentField, SegmentOperator } from '../domain/segment-view.ts'

/** What fields and their names depend on. */
export interface FieldContext {
  readonly model: CompiledModel
  readonly kind: PartyKind
  /** Segments that a rule may name, by id. */
  readonly segments: ReadonlyMap<string, { readonly name: string; readonly kind: PartyKind }>
}

const amounts: SegmentOperator[] = ['at_least', 'at_most', 'above', 'below', 'equals', 'not_equals', 'between'] // prettier-ignore
const ages: SegmentOperator[] = ['at_least', 'at_most', 'above', 'below', 'between']
const choice: SegmentOperator[] = ['equals', 'not_equals', 'in', 'not_in']
const colours = [
  { value: 'green', name: 'Green' },
  { value: 'yellow', name: 'Yellow' },
  { value: 'red', name: 'Red' },
]
const number = { type: 'number', operators: amounts } as const
const days = { type: 'number', operators: ages, unit: 'days' } as const

/** Kinds of measures of which it can be said how long ago they were. */
const ageless: readonly Measure['kind'][] = ['count', 'sum', 'decayed_sum']

/** All but traits, whose names come from outside. */
export function fieldsOf({ model, kind, segments }: FieldContext): SegmentField[] {
  const { declared } = model
  const named = (list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, name }))
  const nested = [...segments].filter(([, segment]) => segment.kind === kind)
  return [
    ...standingFields(model, named),
    ...model.dimensions.map(({ id, name }) => ({
      ...number,
      field: `dimension.${id}`,
      name,
      group: 'Dimensions',
      unit: 'of 100',
    })),
    ...valueFields(declared.currency.base),
    ...measureFields(model),
    ...(kind === 'person' ? predictionFields(declared.currency.base) : []),
    { field: 'touchpoint.count', name: 'Number of touchpoints', group: 'History', type: 'touchpoints', operators: amounts, takes: ['of', 'within', 'since'] },
    { field: 'touchpoint.sum', name: 'Sum over touchpoints', group: 'History', type: 'touchpoints', operators: amounts, takes: ['of', 'property', 'within', 'since'] },
    { field: 'touchpoint.first', name: 'First touchpoint', group: 'History', type: 'touchpoints', operators: [...anyOperators], takes: ['of', 'property', 'within', 'since'] },
    { field: 'touchpoint.last', name: 'Last touchpoint', group: 'History', type: 'touchpoints', operators: [...anyOperators], takes: ['of', 'property', 'within', 'since'] },
    { field: 'sequence', name: 'One after the other', group: 'History', type: 'sequence', operators: ['happened', 'not_happened'], takes: ['steps', 'within'] },
    { field: 'segment', name: 'Segment', group: 'Who', type: 'segment', operators: ['in', 'not_in'], choices: nested.map(([value, { name }]) => ({ value, name })) },
    ...(kind === 'person' ? [{ field: 'account', name: 'Account', group: 'Who', type: 'account' as const, operators: ['any', 'none'] as SegmentOperator[] }] : []),
    { field: 'bucket', name: 'Random share', group: 'Who', type: 'percent', operators: ['below', 'between'], unit: '%', takes: ['salt'] },
    { field: 'list', name: 'Fixed list', group: 'Who', type: 'list', operators: ['in', 'not_in'] },
  ] // prettier-ignore
}

type Named = (list: readonly { id: string; name: string }[]) => { value: string; name: string }[]

function standingFields({ declared }: CompiledModel, named: Named): SegmentField[] {
  const group = 'Relationship'
  return [
    { field: 'rung', name: 'Rung', group, type: 'choice', operators: [...choice, 'at_least', 'at_most'], choices: named(declared.rungs) },
    { field: 'rung.days', name: 'On this rung since', group, ...days },
    { field: 'health', name: 'Health', group, type: 'choice', operators: choice, choices: colours },
    { field: 'health.days', name: 'In this health since', group, ...days },
    { field: 'trust.balance', name: 'Trust balance', group, ...number, unit: 'points' },
    ...(declared.personas.length > 0
      ? [
          { field: 'persona', name: 'Persona', group, type: 'choice' as const, operators: choice, choices: named(declared.personas) },
          { field: 'persona.fit', name: 'Persona fit', group, ...number, unit: '%' },
        ]
      : []),
    { field: 'seen.first_days', name: 'First seen', group, ...days },
    { field: 'seen.last_days', name: 'Last seen', group, ...days },
    { field: 'seen.touchpoints', name: 'Touchpoints in all', group, ...number },
  ] // prettier-ignore
}

export const valueParts = ['own', 'referred', 'influenced', 'deflected'] as const

function valueFields(currency: string): SegmentField[] {
  const names = { own: 'Own value', referred: 'Referred value', influenced: 'Influenced value', deflected: 'Deflected value', total: 'Total value' } // prettier-ignore
  return Object.entries(names).map(([part, name]) => ({
    ...{ field: `value.${part}`, name, group: 'Value', unit: currency },
    ...number,
  }))
}

function measureFields({ measures }: CompiledModel): SegmentField[] {
  return measures
    .filter(({ isImplicit }) => !isImplicit)
    .flatMap(({ id, declared: { name, kind } }): SegmentField[] => [
      {
        ...{ field: `measure.${id}`, name, group: 'Measures' },
        ...number,
        ...(kind === 'days' || kind === 'weeks' ? { takes: ['within'] } : {}),
      },
      ...(ageless.includes(kind)
        ? []
        : [
            { field: `measure_age.${id}`, name: `Days since: ${name}`, group: 'Measures', ...days },
          ]),
    ])
}

/** Against the stored scores; who has none fulfils none. */
function predictionFields(currency: string): SegmentField[] {
  return quantityIds.map((id) => {
    const { name, unit } = quantityNames[id]
    return {
      ...{
        field: `prediction.${id}`,
        name,
        group: 'Predictions',
        unit: predictionUnit(unit, currency),
      },
      ...{ type: 'number', operators: ages },
    }
  })
}

export const traitField = (key: string): SegmentField => ({
  field: `trait.${key}`,
  name: key,
  group: 'Traits',
  type: 'text',
  operators: [...anyOperators],
})

/** The field of that name, or why there is none. */
export function fieldNamed(
  field: string,
  known: ReadonlyMap<string, SegmentField>,
): SegmentField | string {
  const found = known.get(field)
  if (found) return found
  const dot = field.indexOf('.')
  const [root, rest] = dot < 0 ? [field, ''] : [field.slice(0, dot), field.slice(dot + 1)]
  if (root === 'trait' && rest.length > 0) return traitField(rest)
  if (root === 'consent') {
    return (
      consentField(rest) ??
      'Name a purpose: consent.<purpose>, of letters, digits, spaces, _ and -.'
    )
  }
  if (root === 'measure' || root === 'measure_age' || root === 'dimension') {
    return `The model has no ${root === 'dimension' ? 'dimension' : 'measure for'} "${rest}". Choose one that GET /api/segments/fields lists, or bring it back in the model.`
  }
  return `There is no field "${field}". Choose one that GET /api/segments/fields lists.`
}
