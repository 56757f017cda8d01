import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RapportError } from '../domain/error.ts'
import { loadModel, parseModel, type ModelFault } from './parse-model.ts'
import { everyKindModel } from './testing.ts'

const small = `model: Small
currency:
  base: EUR
  rates: { USD: 0.92 }
measures:
  visits:
    kind: count
    name: Visits
    of:
      - when: { kind: page_viewed }
  paid:
    kind: sum
    name: Paid
    of:
      - { when: { kind: purchase }, weight: { field: amount } }
  good: { kind: decayed_sum, name: Good, half_life: 30d, of: [{ when: { kind: review } }] }
  bad: { kind: decayed_sum, name: Bad, half_life: 90d, of: [{ when: { kind: complaint } }] }
  active:
    kind: days
    name: Active
    of: [{ when: {} }]
  choices:
    kind: recent
    name: Choices
    of: [{ when: { kind: purchase }, tag: choice }]
trust: { deposits: good, withdrawals: bad }
dimensions:
  trust:
    name: Trust
    half: 3
    of:
      - trust_balance: true
rungs:
  - { id: low, name: Low, meaning: Low, when: { all: [] } }
  - id: high
    name: High
    meaning: High
    when:
      all:
        - { measure: active, within: 8d, at_least: 2 }
        - any:
            - { measure: visits, at_least: 3 }
            - { dimension: trust, at_least: 50 }
health:
  red: []
  yellow:
    - because: Silent
      when: { measure: active, age: true, at_least: 30 }
value: { own: paid }
`

function faultsOf(yaml: string): ModelFault[] {
  const parsed = parseModel(yaml)
  return parsed.ok ? [] : parsed.faults
}

const lineOf = (yaml: string, text: string): number =>
  yaml.slice(0, yaml.indexOf(text)).split('\n').length

describe('a good model', () => {
  test('parses', () => expect(faultsOf(small)).toEqual([]))

  test.each(readdirSync('models').filter((file) => file.endsWith('.yaml')))('%s', (file) => {
    expect(faultsOf(readFileSync(`models/${file}`, 'utf8'))).toEqual([])
  })

  test('compiles to columns that differ', () => {
    const { measures } = loadModel(everyKindModel)
    const columns = measures.flatMap((measure) => measure.columns)
    expect(new Set(columns).size).toBe(columns.length)
    for (const column of columns) expect(column).toMatch(/^m_[a-z0-9_]{1,60}$/)
  })
})

describe('a fault is told at its line', () => {
  test.each([
    ['an unknown key', 'value: { own', 'vlaue: 1\nvalue: { own', 'vlaue', /"vlaue" is not known here/],
    ['an unknown key within', 'half: 3', 'half: 3\n    halb: 3', 'halb', /"halb" is not known here/],
    ['an unknown kind of measure', 'kind: days', 'kind: dayz', 'dayz', /'days' \| 'weeks'/],
    ['no kind', '    kind: days\n', '', 'active:', /Expected 'count'/],
    ['an unknown kind of touchpoint', 'kind: page_viewed', 'kind: page_vieved', 'vieved', /expected one of/],
    ['a bad half-life', 'half_life: 90d', 'half_life: 3 weeks', '3 weeks', /36h, 30d or 8w/],
    ['a half-life of nothing', 'half_life: 90d', 'half_life: 0d', ' 0d', /36h, 30d or 8w/],
    ['a name not in snake_case', '  visits:', '  Visits:', '  Visits:', /expected a name in snake_case/],
    ['an unknown currency', 'USD: 0.92', 'dollar: 0.92', 'dollar', /expected /],
    ['a rate of nothing', 'USD: 0.92', 'USD: 0', 'USD: 0', /expected number to be >0/],
    ['a bad field', 'field: amount', 'field: amout', 'amout', /amount, score, sentiment/],
    ['a number that is no number', 'half: 3', 'half: .nan', '.nan', /expected number/],
    ['a missing part', '    half: 3\n', '', '  trust:\n', /expected number, received undefined/],
    ['too many decisions', 'visits, at_least: 3', 'visits, at_least: 3, at_most: 4', 'at_most: 4', /exactly one of at_least, at_most/],
    ['no decision', 'visits, at_least: 3', 'visits', 'measure: visits }', /exactly one of at_least, at_most/],
    ['text for a number', 'visits, at_least: 3', 'visits, at_least: three', 'three', /expected number, received string/],
    ['two terms in one', '{ measure: visits', '{ trust_balance: true, measure: visits', 'trust_balance: true, measure', /exactly one of measure/],
    ['no term', '{ measure: visits, at_least: 3 }', '{ at_least: 3 }', '{ at_least: 3 }', /exactly one of measure/],
    ['no term in a total', 'trust_balance: true', 'times: 2', 'times: 2', /exactly one of measure/],
    ['a list that is empty', 'any:\n', 'any: []\n        - any:\n', 'any: []', />=1 items/],
    ['an unknown measure in a condition', 'measure: visits', 'measure: visit', 'measure: visit,', /no measure "visit"/],
    ['an unknown dimension', 'dimension: trust', 'dimension: trusst', 'trusst', /no dimension "trusst"/],
    ['trust of a measure that does not fade', 'deposits: good', 'deposits: paid', 'deposits: paid', /must be of kind decayed_sum, and is sum/],
    ['value of nothing', 'own: paid', 'own: pay', 'own: pay ', /no measure "pay"/],
    ['a prototype for a measure', 'own: paid', 'own: constructor', 'constructor', /no measure "constructor"/],
    ['within of what has no window', 'visits, at_least', 'visits, within: 8d, at_least', 'visits, within', /goes with a measure of kind days or weeks/],
    ['within beyond what is remembered', 'within: 8d', 'within: 65d', 'within: 65d', /remembers 64 days/],
    ['age of what has no time', 'visits, at_least', 'visits, age: true, at_least', 'visits, age', /not count/],
    ['an unknown tag', '{ measure: visits, at_least: 3 }', '{ measure: choices, count: comparison, at_least: 3 }', 'count: comp', /no tag "comparison"/],
    ['a dimension of dimensions', 'trust_balance: true', 'dimension: trust', '- dimension: trust', /may not be made of dimensions/],
    ['an age in a total', 'trust_balance: true', '{ measure: active, age: true }', '- { measure: active, age', /cannot be part of a dimension/],
    ['the same rung twice', 'id: high', 'id: low', '- id: low', /"low" is used twice/],
    ['a number from a text', 'field: amount', 'field: event', 'field: event', /never a number/],
    ['names that meet in one column', '  paid:\n', '  active_bits: { kind: count, name: B, of: [{ when: {} }] }\n  paid:\n', 'active_bits', /taken by a part of "active"/],
    ['the same key twice', 'value: { own', 'trust: { deposits: good, withdrawals: bad }\nvalue: { own', 'trust: { deposits: good, withdrawals: bad }\nvalue', /is there twice/],
    ['what is not YAML', 'half: 3', 'half: ]3', 'half: ]3', /Unexpected flow-seq-end/],
    ['a key of the prototype', '  visits:', '  __proto__:', '__proto__', /"__proto__" is not a name/],
    ['a cycle', 'when: { all: [] }', 'when: &a { all: [*a] }', '&a', /stands within what it repeats/],
    ['a key that is a list', 'value: { own', '[a]: 1\nvalue: { own', '[a]: 1', /a key must be a name/],
  ] as const)('%s', (_, from, to, marker, message) => {
    const yaml = small.replace(from, to)
    expect(yaml).not.toBe(small)
    const faults = faultsOf(yaml)
    const found = faults.find((fault) => message.test(fault.message))
    expect(found?.message ?? faults).toMatch(message)
    // What is missing is told at the name of what lacks it.
    expect(found?.line).toBe(lineOf(yaml, marker))
  }) // prettier-ignore

  test('all of them at once', () => {
    const yaml = small.replace('half: 3', 'half: 0').replace('kind: days', 'kind: dayz')
    expect(faultsOf(yaml).map(({ path }) => path)).toEqual([
      'measures.active.kind',
      'dimensions.trust.half',
    ])
  })

  test('thrown where the model is needed', () => {
    const load = (): unknown => loadModel(small.replace('half: 3', 'half: 0'))
    expect(load).toThrow(RapportError)
    expect(load).toThrow(/Line 30: dimensions\.trust\.half/)
  })
})

describe('hostile text', () => {
  const bomb = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]']
  for (const [one, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [...pair])) {
    bomb.push(`${one}: &${one} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`)
  }
  test.each([
    ['aliases that multiply', bomb.join('\n'), /Too many YAML aliases/],
    ['half a megabyte', `model: ${'x'.repeat(500_001)}`, /500,000 characters/],
    ['a flow as deep as the file', `a: ${'['.repeat(200_000)}`, /nested too deeply/],
    ['conditions as deep', small.replace('{ all: [] }', `${'{ not: '.repeat(900)}{ all: [] }${' }'.repeat(900)}`), /nested too deeply/],
    ['conditions deeper than sense', small.replace('{ all: [] }', `${'{ not: '.repeat(50)}{ all: [] }${' }'.repeat(50)}`), /nested too deeply/],
    ['sixty thousand keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n').slice(0, 499_000), /expected /],
    ['a key sixty thousand times', 'k: 1\n'.repeat(60_000), /is there twice/],
    ['several documents', `${small}---\n${small}`, /multiple documents/],
    ['nothing', '', /expected object/],
    ['a list', '- 1', /expected object/],
    ['a tag that would run', 'model: !!js/function "x"', /expected /],
  ])('%s', (_, yaml, message) => {
    const faults = faultsOf(yaml)
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.length).toBeLessThanOrEqual(100)
    expect(faults[0]?.message).toMatch(message)
  }) // prettier-ignore

  test('no text throws, and every fault has a line that exists', () => {
    const lines = small.split('\n')
    const mangled = fc
      .array(
        fc.record({
          line: fc.nat({ max: lines.length - 1 }),
          text: fc.oneof(
            fc.constantFrom('', '- ', '  x: 1', 'kind: count', '{', '&a', '*a', '? ', '"', '...'),
            fc.string(),
          ),
          how: fc.constantFrom('replace', 'append', 'drop'),
        }),
        { minLength: 1, maxLength: 4 },
      )
      .map((changes) => {
        const copy = [...lines]
        for (const { line, text, how } of changes) {
          copy[line] = how === 'drop' ? '' : how === 'replace' ? text : `${copy[line]}${text}`
        }
        return copy.join('\n')
      })
    fc.assert(
      fc.property(mangled, (yaml) => {
        const parsed = parseModel(yaml)
        if (parsed.ok) loadModel(yaml)
        else {
          expect(parsed.faults.length).toBeGreaterThan(0)
          for (const { line, message } of parsed.faults) {
            expect(line).toBeGreaterThan(0)
            expect(line).toBeLessThanOrEqual(yaml.split('\n').length)
            expect(message.length).toBeGreaterThan(5)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
