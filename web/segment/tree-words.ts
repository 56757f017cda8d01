/** A tree of conditions as one sentence, as somebody would say it. */
import type {
  SegmentField,
  SegmentGroup,
  SegmentNode,
  SegmentOperator,
  SegmentRule,
  TouchpointFilter,
} from '../../src/domain/segment-view.ts'
import { words } from '../domain/words.ts'
import { type FieldMap, isGroup } from './rule-tree.ts'

export const operatorWords: Readonly<Record<SegmentOperator, string>> = {
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
  above: 'more than',
  below: 'less than',
  between: 'between',
  any: 'belongs to one where',
  none: 'belongs to none where',
  happened: 'happened',
  not_happened: 'did not happen',
}

/** `30d` reads '30 days'. */
export function durationWords(duration: string): string {
  const count = Number(duration.slice(0, -1))
  const unit = { h: 'hour', d: 'day', w: 'week' }[duration.slice(-1)] ?? ''
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const listed = (names: readonly string[], joined = 'or'): string => {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  return shown.length < 2
    ? (shown[0] ?? '')
    : `${shown.slice(0, -1).join(', ')} ${joined} ${shown.at(-1)}`
}

function valueWords({ value, operator }: SegmentRule, { choices = [] }: Partial<SegmentField>) {
  const nameOf = (one: unknown): string =>
    choices.find((choice) => choice.value === one)?.name ?? String(one)
  if (value === undefined) return ''
  if (!Array.isArray(value)) return nameOf(value)
  return operator === 'between' ? `${value[0]} and ${value[1]}` : listed(value.map(nameOf))
}

export function filterWords({ kinds, events, channels, where }: TouchpointFilter): string {
  const what = kinds
    ? listed(kinds.map((kind) => words(kind).toLowerCase()))
    : events
      ? listed(events.map((event) => `“${event}”`))
      : 'touchpoints of any kind'
  const tests = (where ?? []).map(
    ({ property, operator, value }) =>
    [words(property).toLowerCase(), operatorWords[operator], Array.isArray(value) ? listed(value.map(String)) : String(value ?? '')].filter(Boolean).join(' '), // prettier-ignore
  )
  return [
    what,
    kinds && events ? `named ${listed(events.map((event) => `“${event}”`))}` : '',
    channels ? `by ${listed(channels.map((channel) => words(channel).toLowerCase()))}` : '',
    tests.length > 0 ? `(${listed(tests, 'and')})` : '',
  ]
    .filter(Boolean)
    .join(' ')
}

function touchpointWords(rule: SegmentRule): string {
  const { operator, value, property = '', within, since } = rule
  const of = filterWords(rule.of ?? {})
  const when = [
    within ? `in the last ${durationWords(within)}` : '',
    since ? `since the last ${filterWords(since)}` : '',
  ]
  const compared = [operatorWords[operator], valueWords(rule, {})].filter(Boolean).join(' ')
  const named = words(property).toLowerCase()
  const what = {
    'touchpoint.count': countWords(operator, value, of),
    'touchpoint.sum': `the sum of ${named} over ${of} is ${compared}`,
    'touchpoint.first': property === 'days' ? `the first of ${of} was ${compared} days ago` : `${named} of the first of ${of} ${compared}`, // prettier-ignore
    'touchpoint.last': property === 'days' ? `the last of ${of} was ${compared} days ago` : `${named} of the last of ${of} ${compared}`, // prettier-ignore
  }[rule.field]
  return [what ?? rule.field, ...when].filter(Boolean).join(' ')
}

function countWords(operator: SegmentOperator, value: SegmentRule['value'], of: string): string {
  const isNone = (operator === 'at_most' || operator === 'equals') && value === 0
  if (isNone || (operator === 'below' && value === 1)) return `${of} never`
  const often = Array.isArray(value) ? value.join(' and ') : String(value)
  const times = value === 1 ? 'once' : value === 2 ? 'twice' : `${often} times`
  return `${of} ${operator === 'equals' ? 'exactly' : operatorWords[operator]} ${times}`
}

function sequenceWords({ steps = [], operator, within }: SegmentRule): string {
  const told = steps.map(({ of, within: time, without }, i) =>
    [
      i === 0 ? 'first' : 'then',
      time ? `within ${durationWords(time)}` : '',
      filterWords(of),
      without ? `without ${filterWords(without)} between` : '',
    ]
      .filter(Boolean)
      .join(' '),
  )
  const when = within ? `, all in the last ${durationWords(within)}` : ''
  const said = told.join(', ') + when
  return operator === 'not_happened' ? `it did not happen that ${said}` : said
}

function ruleWords(rule: SegmentRule, fields: FieldMap, accounts: FieldMap): string {
  const field = fields.get(rule.field)
  const name = field?.name.toLowerCase() ?? words(rule.field).toLowerCase()
  const { operator, value } = rule
  if (rule.field.startsWith('touchpoint.')) return touchpointWords(rule)
  const said = valueWords(rule, field ?? {})
  switch (field?.type) {
    case 'sequence':
      return sequenceWords(rule)
    case 'segment':
      return `${operator === 'not_in' ? 'not in' : 'in'} the segment “${said}”`
    case 'list':
      return `${operator === 'not_in' ? 'not on' : 'on'} a fixed list of ${Array.isArray(value) ? value.length : 0}` // prettier-ignore
    case 'percent':
      return Array.isArray(value) ? `in the random share from ${value[0]} % to ${value[1]} %` : `in a random share of ${String(value)} %` // prettier-ignore
    case 'account': {
      const isTree = typeof value === 'object' && !Array.isArray(value)
      const inner = isTree ? innerWords(value, accounts, accounts) : ''
      return `belongs to ${operator === 'none' ? 'no account' : 'an account'} where ${inner}`
    }
    default: {
      const is = field?.type === 'number' && operator !== 'equals' && operator !== 'not_equals' ? 'is ' : '' // prettier-ignore
      const window = rule.within ? `in the last ${durationWords(rule.within)}` : ''
      const ago = rule.field.startsWith('seen.') && field?.unit === 'days' ? 'ago' : ''
      const unit = field?.unit === 'of 100' ? '' : field?.unit
      return [name, `${is}${operatorWords[operator]}`, said, unit, ago, window].filter(Boolean).join(' ') // prettier-ignore
    }
  }
}

/** A group inside a sentence: in brackets where one could misread where it ends. */
function innerWords(group: SegmentGroup, fields: FieldMap, accounts: FieldMap): string {
  const inner = groupWords(group, fields, accounts)
  return group.not === true || group.rules.length < 2 ? inner : `(${inner})`
}

function groupWords(group: SegmentGroup, fields: FieldMap, accounts: FieldMap): string {
  const part = (node: SegmentNode): string =>
    isGroup(node) ? innerWords(node, fields, accounts) : ruleWords(node, fields, accounts)
  const isAnd = group.combinator === 'and'
  const said = group.rules.map(part)
  if (group.not !== true) return said.join(isAnd ? ', and ' : ', or ')
  const [only] = said
  if (said.length === 1) return `not (${only})`
  return `${isAnd ? 'not all' : 'none'} of (${said.join('; ')})`
}

/** @param accounts the fields of accounts, for what stands inside the condition on an account */
export function treeWords(tree: SegmentGroup, fields: FieldMap, accounts: FieldMap): string {
  const said = groupWords(tree, fields, accounts)
  return said === '' ? 'No condition yet.' : `${asSentence(said)}.`
}

const asSentence = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1)

/** One condition as a line of its own. */
export const conditionWords = (rule: SegmentRule, fields: FieldMap, accounts: FieldMap): string =>
  asSentence(ruleWords(rule, fields, accounts))
