/** A model in sentences: what `models/*.yaml` says, for those who do not read YAML. */
import type {
  Condition,
  Filter,
  Measure,
  Model,
  Term,
  Test,
  Weight,
} from '../../src/relationship/model-schema.ts'
import { words } from '../domain/words.ts'
import { formatNumber } from '../ui/number.ts'

const units: Record<string, string> = { h: 'hour', d: 'day', w: 'week' }

export function durationWords(duration: string): string {
  const count = Number(duration.slice(0, -1))
  const unit = units[duration.slice(-1)] ?? ''
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const list = (value: string | readonly string[]): string =>
  (typeof value === 'string' ? [value] : value).map((one) => words(one).toLowerCase()).join(', ')

export function testWords(test: Test): string {
  if (typeof test !== 'object') return `is ${String(test)}`
  const parts: string[] = []
  if (test.is !== undefined) parts.push(`is ${String(test.is)}`)
  if (test.in !== undefined) parts.push(`is one of ${test.in.join(', ')}`)
  if (test.not !== undefined) parts.push(`is not ${String(test.not)}`)
  if (test.at_least !== undefined) parts.push(`is at least ${test.at_least}`)
  if (test.at_most !== undefined) parts.push(`is at most ${test.at_most}`)
  if (test.contains !== undefined) parts.push(`contains “${test.contains}”`)
  if (test.exists !== undefined) parts.push(test.exists ? 'is given' : 'is not given')
  return parts.join(' and ')
}

export function filterWords(filter: Filter): string {
  const parts: string[] = []
  if (filter.kind !== undefined) parts.push(list(filter.kind))
  if (filter.type !== undefined) parts.push(`${list(filter.type)} calls`)
  if (filter.event !== undefined) {
    parts.push(
      [filter.event]
        .flat()
        .map((event) => `“${event}”`)
        .join(', '),
    )
  }
  if (filter.channel !== undefined) parts.push(`on ${list(filter.channel)}`)
  for (const [field, test] of Object.entries(filter.where ?? {})) {
    parts.push(`where ${field} ${testWords(test)}`)
  }
  return parts.length === 0 ? 'every touchpoint' : parts.join(' ')
}

export function weightWords(weight: Weight): string {
  if (typeof weight === 'number') return formatNumber(weight, 2)
  const { field, times, plus, min, max } = weight
  const product = times === 1 ? field : `${formatNumber(times, 2)} × ${field}`
  const sign = plus < 0 ? '\u2212' : '+'
  const sum = plus === 0 ? product : `${product} ${sign} ${formatNumber(Math.abs(plus), 2)}`
  if (min === undefined && max === undefined) return sum
  return `${sum}, between ${min ?? '−∞'} and ${max ?? '∞'}`
}

export function measureWords(measure: Measure): string {
  switch (measure.kind) {
    case 'decayed_sum':
      return `points that halve every ${durationWords(measure.half_life)}`
    case 'sum':
      return 'a sum'
    case 'count':
      return 'how many'
    case 'minimum':
      return 'the smallest'
    case 'maximum':
      return 'the largest'
    case 'first':
      return 'the first'
    case 'last':
      return 'the newest'
    case 'days':
      return 'days with at least one'
    case 'weeks':
      return 'weeks with at least one'
    case 'recent':
      return `the newest ${measure.keep}, in order`
  }
}

export function termWords(term: Term, model: Model): string {
  if (term.trust_balance) return 'Trust balance'
  if (term.persona_fit) return 'Persona fit'
  if (term.dimension !== undefined) return model.dimensions[term.dimension]?.name ?? term.dimension
  const name =
    term.measure === undefined ? '' : (model.measures[term.measure]?.name ?? term.measure)
  const within = term.within === undefined ? '' : ` in the last ${durationWords(term.within)}`
  if (term.age) return `days since ${name.toLowerCase()}`
  if (term.count !== undefined) return `${name}, ${words(term.count).toLowerCase()}${within}`
  if (term.repeats) {
    const how = term.repeats.reconsidered ? 'after reconsidering' : 'without reconsidering'
    return `${name}, repeated ${how}`
  }
  return `${name}${within}`
}

/** A condition as a tree of sentences. */
export interface SaidCondition {
  readonly says: string
  /** The bare rule, where `says` is in the words of the model's author. */
  readonly figure?: string
  readonly parts: readonly SaidCondition[]
}

export function conditionWords(condition: Condition, model: Model): SaidCondition {
  const all = (conditions: readonly Condition[]): SaidCondition[] =>
    conditions.map((one) => conditionWords(one, model))
  if ('all' in condition) return { says: 'All of', parts: all(condition.all) }
  if ('any' in condition) return { says: 'Any of', parts: all(condition.any) }
  if ('not' in condition) return { says: 'Not', parts: all([condition.not]) }
  const bound =
    condition.at_least === undefined
      ? `at most ${formatNumber(condition.at_most ?? 0, 2)}`
      : `at least ${formatNumber(condition.at_least, 2)}`
  const plain = `${termWords(condition, model)}: ${bound}`
  return condition.says === undefined
    ? { says: plain, parts: [] }
    : { says: condition.says, figure: plain, parts: [] }
}
