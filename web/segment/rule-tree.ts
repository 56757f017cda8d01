/** Making and changing rules, so that what one chooses is always a whole rule with a fitting value. */
import type {
  Scalar,
  SegmentField,
  SegmentGroup,
  SegmentNode,
  SegmentOperator,
  SegmentRule,
} from '../../src/domain/segment-view.ts'

export type Wanted = 'nothing' | 'number' | 'text' | 'scalar' | 'scalars' | 'two numbers'
export type FieldMap = ReadonlyMap<string, SegmentField>

export const fieldMap = (fields: readonly SegmentField[]): FieldMap =>
  new Map(fields.map((field) => [field.field, field]))

export const isGroup = (node: SegmentNode): node is SegmentGroup => 'rules' in node

const wanted: Partial<Record<SegmentOperator, Wanted>> = {
  exists: 'nothing',
  not_exists: 'nothing',
  happened: 'nothing',
  not_happened: 'nothing',
  at_least: 'number',
  at_most: 'number',
  above: 'number',
  below: 'number',
  between: 'two numbers',
  in: 'scalars',
  not_in: 'scalars',
  equals: 'scalar',
  not_equals: 'scalar',
}
/** What an operator wants as its value, as the server's check says too. */
export const wantsValue = (operator: SegmentOperator): Wanted => wanted[operator] ?? 'text'

/** Fields of touchpoints that are numbers. */
export const numericProperties: ReadonlySet<string> = new Set(['amount', 'score', 'sentiment', 'days']) // prettier-ignore

/** Whether a rule compares numbers, also where its operator would allow a text. */
export function comparesNumbers(rule: SegmentRule, field: SegmentField): boolean {
  if (field.type === 'number' || field.type === 'percent') return true
  if (field.type !== 'touchpoints') return false
  return rule.field === 'touchpoint.count' || rule.field === 'touchpoint.sum' || numericProperties.has(rule.property ?? '') // prettier-ignore
}

const operatorsOfNumbers: readonly SegmentOperator[] = ['at_least', 'at_most', 'above', 'below', 'equals', 'not_equals', 'between'] // prettier-ignore
const operatorsOfDays: readonly SegmentOperator[] = ['at_least', 'at_most', 'above', 'below', 'between'] // prettier-ignore

/** The operators of a field; of the first or last touchpoint, those that fit what is looked at. */
export function operatorsOf(rule: SegmentRule, field: SegmentField): readonly SegmentOperator[] {
  if (field.type !== 'touchpoints' || !comparesNumbers(rule, field)) return field.operators
  return rule.property === 'days' ? operatorsOfDays : operatorsOfNumbers
}

const isDays = ({ unit }: SegmentField): boolean => unit === 'days'

/** A rule of that field that is whole and true of somebody, to go on from. */
export function newRule(field: SegmentField): SegmentRule {
  const base = { field: field.field }
  switch (field.type) {
    case 'number':
      return isDays(field)
        ? { ...base, operator: 'at_most', value: 30 }
        : { ...base, operator: 'at_least', value: field.unit === 'of 100' || field.unit === '%' ? 50 : 1 } // prettier-ignore
    case 'text':
      return { ...base, operator: 'exists' }
    case 'choice':
      return { ...base, operator: 'equals', value: field.choices?.[0]?.value ?? '' }
    case 'percent':
      return { ...base, operator: 'below', value: 10 }
    case 'list':
      return { ...base, operator: 'in', value: [] }
    case 'segment':
      return { ...base, operator: 'in', value: field.choices?.[0]?.value ?? '' }
    case 'account':
      return { ...base, operator: 'any', value: { combinator: 'and', rules: [{ field: 'health', operator: 'equals', value: 'green' }] } } // prettier-ignore
    case 'touchpoints':
      return newTouchpointRule(field.field)
    case 'sequence':
      return {
        ...base,
        operator: 'happened',
        within: '90d',
        steps: [{ of: { kinds: ['content_viewed'] } }, { of: { kinds: ['purchase'] }, within: '30d' }], // prettier-ignore
      }
  }
}

function newTouchpointRule(field: string): SegmentRule {
  const of = { kinds: ['purchase' as const] }
  if (field === 'touchpoint.count') return { field, operator: 'at_least', value: 1, of, within: '90d' } // prettier-ignore
  if (field === 'touchpoint.sum') return { field, operator: 'at_least', value: 100, of, property: 'amount' } // prettier-ignore
  return { field, operator: 'at_most', value: 30, of, property: 'days' }
}

/** The rule with another operator, its value carried over where it fits. */
export function withOperator(
  rule: SegmentRule,
  operator: SegmentOperator,
  field: SegmentField,
): SegmentRule {
  const { value, ...rest } = rule
  const next = { ...rest, operator }
  if (field.type === 'account' || field.type === 'list') return { ...next, value }
  if (field.type === 'segment' || field.type === 'percent') {
    return { ...next, value: field.type === 'percent' ? percentFor(operator, value) : value }
  }
  const fitting = valueFor(operator, value, comparesNumbers(rule, field))
  if (fitting === undefined) return next
  const first = field.choices?.[0]?.value
  return { ...next, value: fitting === '' && first !== undefined ? first : fitting }
}

const listOf = (value: SegmentRule['value']): Scalar[] => {
  if (Array.isArray(value)) return value
  return value === undefined || typeof value === 'object' ? [] : [value]
}

function percentFor(operator: SegmentOperator, value: SegmentRule['value']): Scalar | Scalar[] {
  const [first = 10, second] = listOf(value)
  return operator === 'between' ? [second === undefined ? 0 : first, second ?? first] : (second ?? first) // prettier-ignore
}

/** What of the old value serves the operator. */
export function valueFor(
  operator: SegmentOperator,
  value: SegmentRule['value'],
  numeric: boolean,
): Scalar | Scalar[] | undefined {
  const given = listOf(value)
  const number = given.find((one) => typeof one === 'number') ?? 1
  switch (wantsValue(operator)) {
    case 'nothing':
      return undefined
    case 'number':
      return number
    case 'two numbers': {
      const second = given.filter((one) => typeof one === 'number')[1]
      return [number, second ?? number]
    }
    case 'scalars':
      return given
    case 'scalar':
      return numeric ? number : (given[0] ?? '')
    default:
      return typeof given[0] === 'string' ? given[0] : ''
  }
}

/** The tree without the ids that the builder gives: equal trees are equal texts. */
export function withoutIds(group: SegmentGroup): SegmentGroup {
  const { id: _id, rules, ...rest } = group
  return { ...rest, rules: rules.map(bare) }
}

function bare(node: SegmentNode): SegmentNode {
  if (isGroup(node)) return withoutIds(node)
  const { id: _id, value, ...rest } = node
  if (value === undefined) return rest
  const isTree = typeof value === 'object' && !Array.isArray(value)
  return { ...rest, value: isTree ? withoutIds(value) : value }
}
