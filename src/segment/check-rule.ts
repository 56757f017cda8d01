/** One rule of a tree: whether its value and what it takes besides fit its field. */
import { normaliseIdentifier } from '../domain/normalise-identifier.ts'
import { numberOperators, textOperators, wantsValue } from './comparison.ts'
import { dayMilliseconds, durationMilliseconds } from '../relationship/duration.ts'
import type { looseRule, SegmentField, SegmentOperator, TouchpointFilter } from '../domain/segment-view.ts' // prettier-ignore
import type { z } from 'zod'

type Rule = z.infer<typeof looseRule>
type Report = (path: string, message: string) => void

const parts = ['of', 'since', 'within', 'property', 'steps', 'salt'] as const
const needed: Readonly<Record<string, readonly (typeof parts)[number][]>> = {
  'touchpoint.count': ['of'],
  'touchpoint.sum': ['of', 'property'],
  'touchpoint.first': ['of', 'property'],
  'touchpoint.last': ['of', 'property'],
  sequence: ['steps'],
}
const numeric = new Set(['amount', 'score', 'sentiment', 'days'])

export function checkRuleParts(
  rule: Rule,
  { takes = [] }: SegmentField,
  path: string,
  report: Report,
): void {
  for (const part of parts) {
    const given = rule[part] !== undefined
    if (given && !takes.includes(part))
      report(`${path}.${part}`, `"${part}" does not go with ${rule.field}. Leave it out.`)
    if (!given && needed[rule.field]?.includes(part))
      report(`${path}.${part}`, `${rule.field} needs "${part}".`)
  }
  if (rule.of) checkFilter(rule.of, `${path}.of`, report)
  if (rule.since) checkFilter(rule.since, `${path}.since`, report)
  rule.steps?.forEach((step, i) => {
    const at = `${path}.steps.${i}`
    checkFilter(step.of, `${at}.of`, report)
    if (step.without) checkFilter(step.without, `${at}.without`, report)
    if (i === 0 && (step.within ?? step.without) !== undefined)
      report(at, 'The first step has nothing before it: leave out "within" and "without".')
  })
  if (rule.within && rule.field.startsWith('measure.')) checkWithin(rule, path, report)
}

/** Days and weeks are remembered 64 back. */
function checkWithin({ within = '', field }: Rule, path: string, report: Report): void {
  const most = 64 * 7 * dayMilliseconds
  if (durationMilliseconds(within) > most)
    report(`${path}.within`, `${field} remembers 64 days or weeks. Choose less.`)
}

function checkFilter({ where = [] }: TouchpointFilter, path: string, report: Report): void {
  where.forEach(({ property, operator, value }, i) => {
    const at = `${path}.where.${i}`
    if (property === 'days')
      report(`${at}.property`, '"days" goes with touchpoint.first and touchpoint.last only. Use "within".') // prettier-ignore
    else checkComparison({ property, operator, value }, at, report)
  })
}

function checkComparison(
  { property, operator, value }: { property: string; operator: SegmentOperator; value?: unknown },
  path: string,
  report: Report,
): void {
  const isNumber = numeric.has(property)
  const more = property.includes('.') ? numberOperators : []
  const fits = isNumber ? numberOperators : [...textOperators, ...more]
  if (!fits.includes(operator) && !(isNumber && operator.endsWith('exists'))) {
    report(`${path}.operator`, `"${operator}" does not go with ${property}. Use one of ${fits.join(', ')}.`) // prettier-ignore
    return
  }
  checkOperand(operator, value, { path: `${path}.value`, isNumber }, report)
}

interface Operand {
  readonly path: string
  readonly isNumber: boolean
}

function checkOperand(
  operator: SegmentOperator,
  value: unknown,
  { path, isNumber }: Operand,
  report: Report,
): void {
  const isScalar = (one: unknown): boolean =>
    (typeof one === 'string' && one.length <= 300 && isNumber === false) ||
    (typeof one === 'boolean' && !isNumber) ||
    isFiniteNumber(one)
  switch (wantsValue(operator)) {
    case 'nothing':
      if (value !== undefined && value !== null && value !== '')
        report(path, `"${operator}" takes no value. Leave it out.`)
      return
    case 'number':
      if (!isFiniteNumber(value)) report(path, `"${operator}" needs a number.`)
      return
    case 'two numbers':
      if (!isRange(value, isFiniteNumber)) report(path, '"between" needs two numbers, the smaller one first.') // prettier-ignore
      return
    case 'text':
      if (typeof value !== 'string' || value.length === 0 || value.length > 300 || hasNul(value))
        report(path, `"${operator}" needs a text of 1 to 300 characters.`)
      return
    case 'scalar':
      if (!isScalar(value) || hasNul(value))
        report(path, isNumber ? `"${operator}" needs a number.` : `"${operator}" needs a text, a number, or true or false.`) // prettier-ignore
      return
    case 'scalars':
      if (!Array.isArray(value) || value.length === 0 || value.length > 1_000 || !value.every(isScalar) || value.some(hasNul)) report(path, `"${operator}" needs a list of 1 to 1,000 values.`) // prettier-ignore
  }
}

function isRange(value: unknown, isFine: (one: unknown) => one is number): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [low, high] = value as [unknown, unknown]
  return isFine(low) && isFine(high) && low <= high
}

const isFiniteNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e300
/** PostgreSQL has no NUL in texts, so nothing can be equal to it. */
const hasNul = (value: unknown): boolean => typeof value === 'string' && value.includes('\u0000')

export function checkValue(rule: Rule, field: SegmentField, path: string, report: Report): void {
  const { value, operator } = rule
  const at = `${path}.value`
  switch (field.type) {
    case 'number':
      checkOperand(operator, value, { path: at, isNumber: true }, report)
      return
    case 'text':
      checkOperand(operator, value, { path: at, isNumber: false }, report)
      return
    case 'choice':
    case 'segment':
      checkChoice(rule, field, at, report)
      return
    case 'percent':
      checkPercent(rule, at, report)
      return
    case 'list':
      checkList(value, at, report)
      return
    case 'touchpoints':
      checkTouchpoints(rule, path, report)
      return
    case 'sequence':
      if (value !== undefined && value !== null && value !== '')
        report(at, 'A sequence takes no value. Leave it out.')
  }
}

function checkTouchpoints(rule: Rule, path: string, report: Report): void {
  const { field, operator, value, property = '' } = rule
  if (field === 'touchpoint.sum' && !/^(amount|score|sentiment|properties\.)/.test(property))
    report(`${path}.property`, 'Sum up amount, score, sentiment or a number in properties.')
  if (field === 'touchpoint.count' || field === 'touchpoint.sum' || property === 'days') {
    if (!numberOperators.includes(operator) || (property === 'days' && operator.endsWith('equals')))
      report(`${path}.operator`, `"${operator}" does not go with days. Use at_least or at_most.`)
    checkOperand(operator, value, { path: `${path}.value`, isNumber: true }, report)
  } else checkComparison({ property, operator, value }, path, report)
}

function checkChoice(rule: Rule, { choices = [], type }: SegmentField, path: string, report: Report): void {
  const known = new Set(choices.map(({ value }) => value))
  const isList = (rule.operator === 'in' || rule.operator === 'not_in') && type === 'choice'
  const given: unknown[] = isList && Array.isArray(rule.value) ? rule.value : [rule.value]
  if (isList && !Array.isArray(rule.value)) report(path, `"${rule.operator}" needs a list.`)
  else if (given.length === 0) report(path, 'Choose at least one.')
  for (const one of given) {
    if (typeof one === 'string' && known.has(one)) continue
    const options = type === 'segment' ? 'a segment of the same kind that is there' : `one of ${[...known].join(', ')}` // prettier-ignore
    report(path, `${JSON.stringify(one)?.slice(0, 80) ?? 'Nothing'} is not known. Choose ${options}.`)
  }
} // prettier-ignore

function checkPercent({ operator, value }: Rule, path: string, report: Report): void {
  const isShare = (one: unknown): one is number => typeof one === 'number' && one >= 0 && one <= 100
  const isFine = operator === 'below' ? isShare(value) : isRange(value, isShare)
  if (!isFine) report(path, 'Give a percentage from 0 to 100, or two of them for "between".')
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

function checkList(value: unknown, path: string, report: Report): void {
  if (!Array.isArray(value) || value.length === 0 || value.length > 1_000) {
    report(path, 'Give a list of 1 to 1,000 parties or identifiers such as email:ada@example.com.')
    return
  }
  value.forEach((entry: unknown, i) => {
    if (typeof entry === 'string' && (isUuid(entry) || identifierIn(entry) !== null)) return
    report(`${path}.${i}`, 'Write the id of a party, or namespace:value such as email:ada@example.com.') // prettier-ignore
  })
}

/** `email:ada@example.com` as an identifier; null where it is none. */
export function identifierIn(entry: string): { namespace: string; value: string } | null {
  const colon = entry.indexOf(':')
  if (colon < 1) return null
  return normaliseIdentifier(entry.slice(0, colon), entry.slice(colon + 1))
}
