/** What the schema cannot see: names that must exist, and kinds that must fit their use. */
import { dayMilliseconds, durationMilliseconds } from './duration.ts'
import type { Condition, Measure, MeasureKind, Model, Term } from './model-schema.ts'

export interface ReferenceFault {
  readonly path: readonly (string | number)[]
  readonly message: string
}

type Report = (path: readonly (string | number)[], message: string) => void

export function checkReferences(model: Model): ReferenceFault[] {
  const faults: ReferenceFault[] = []
  const report: Report = (path, message) => faults.push({ path, message })
  const term = (path: readonly (string | number)[], value: Term): void =>
    checkTerm(model, path, value, report)
  for (const [part, name] of Object.entries(model.trust)) {
    faults.push(...wantKind(model, ['trust', part], name, 'decayed_sum'))
  }
  for (const [part, name] of Object.entries(model.value)) {
    if (name !== undefined) faults.push(...wantKind(model, ['value', part], name, 'sum'))
  }
  for (const [id, { of }] of Object.entries(model.dimensions)) {
    of.forEach((part, i) => {
      const path = ['dimensions', id, 'of', i]
      term(path, part)
      if (part.dimension !== undefined) report(path, 'A dimension may not be made of dimensions.')
      if (part.persona_fit === undefined && part.age)
        report(path, 'An age cannot be part of a dimension; use it in a condition.')
    })
  }
  model.affinity.forEach((part, i) => term(['affinity', i], part))
  model.reach.forEach((part, i) => term(['reach', i], part))
  model.rungs.forEach(({ when }, i) => checkCondition(['rungs', i, 'when'], when, term))
  for (const colour of ['red', 'yellow'] as const) {
    model.health[colour].forEach(({ when }, i) =>
      checkCondition(['health', colour, i, 'when'], when, term),
    )
  }
  checkMeasures(model, report)
  unique(['rungs'], model.rungs, report)
  unique(['personas'], model.personas, report)
  if (!Object.keys(model.measures).length)
    report(['measures'], 'A model needs at least one measure.')
  return faults
}

function checkCondition(
  path: readonly (string | number)[],
  condition: Condition,
  term: (path: readonly (string | number)[], value: Term) => void,
): void {
  if ('all' in condition)
    condition.all.forEach((part, i) => checkCondition([...path, 'all', i], part, term))
  else if ('any' in condition)
    condition.any.forEach((part, i) => checkCondition([...path, 'any', i], part, term))
  else if ('not' in condition) checkCondition([...path, 'not'], condition.not, term)
  else term(path, condition)
}

function checkTerm(
  model: Model,
  path: readonly (string | number)[],
  term: Term,
  report: Report,
): void {
  if (term.dimension !== undefined && !Object.hasOwn(model.dimensions, term.dimension)) {
    report([...path, 'dimension'], `There is no dimension "${term.dimension}".`)
  }
  if (term.measure === undefined) return
  const measure = measureOf(model, term.measure)
  if (!measure) {
    report([...path, 'measure'], `There is no measure "${term.measure}".`)
    return
  }
  if (term.within) checkWindow([...path, 'within'], term.within, measure, report)
  if (
    term.age &&
    (measure.kind === 'count' || measure.kind === 'sum' || measure.kind === 'decayed_sum')
  ) {
    report(
      [...path, 'age'],
      `"age" goes with days, weeks, first, last, recent, minimum or maximum, not ${measure.kind}.`,
    )
  }
  if (measure.kind !== 'recent') {
    if (term.count || term.repeats)
      report(path, '"count" and "repeats" go with a measure of kind recent.')
    return
  }
  const tags = new Set(measure.of.map(({ tag }) => tag))
  for (const tag of [term.count, term.repeats?.choice, term.repeats?.comparison]) {
    if (tag !== undefined && !tags.has(tag))
      report(path, `Measure "${term.measure}" has no tag "${tag}".`)
  }
}

function checkWindow(
  path: readonly (string | number)[],
  within: string,
  { kind }: Measure,
  report: Report,
): void {
  if (kind !== 'days' && kind !== 'weeks') {
    report(path, '"within" goes with a measure of kind days or weeks.')
  } else if (durationMilliseconds(within) > 64 * dayMilliseconds * (kind === 'weeks' ? 7 : 1)) {
    report(path, `A measure of kind ${kind} remembers 64 ${kind}.`)
  }
}

/** Columns of the relationship table must differ, and a number cannot come from a text field. */
function checkMeasures({ measures }: Model, report: Report): void {
  for (const [id, { kind, of }] of Object.entries(measures)) {
    if (kind === 'days' || kind === 'weeks') {
      for (const other of [`${id}_newest`, `${id}_bits`]) {
        if (Object.hasOwn(measures, other))
          report(['measures', other], `The name is taken by a part of "${id}".`)
      }
    }
    of.forEach((entry: Measure['of'][number], i) => {
      const path = ['measures', id, 'of', i]
      if ((kind === 'minimum' || kind === 'maximum') && 'field' in entry)
        checkNumber([...path, 'field'], entry.field, report)
      if ('weight' in entry && typeof entry.weight === 'object')
        checkNumber([...path, 'weight', 'field'], entry.weight.field, report)
    })
  }
}

function checkNumber(path: readonly (string | number)[], field: string, report: Report): void {
  if (['event', 'channel', 'source'].includes(field)) report(path, `"${field}" is never a number.`)
}

function wantKind(
  model: Model,
  path: readonly (string | number)[],
  name: string,
  kind: MeasureKind,
): ReferenceFault[] {
  const measure = measureOf(model, name)
  if (!measure) return [{ path, message: `There is no measure "${name}".` }]
  return measure.kind === kind
    ? []
    : [{ path, message: `"${name}" must be of kind ${kind}, and is ${measure.kind}.` }]
}

const measureOf = (model: Model, name: string): Measure | undefined =>
  Object.hasOwn(model.measures, name) ? model.measures[name] : undefined

function unique(path: readonly string[], list: readonly { id: string }[], report: Report): void {
  const seen = new Set<string>()
  list.forEach(({ id }, i) => {
    if (seen.has(id)) report([...path, i, 'id'], `"${id}" is used twice.`)
    seen.add(id)
  })
}
