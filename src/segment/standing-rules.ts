/** Rules about where a party stands: rung, health, persona, and since when. */
import { sql } from 'kysely'
import { always } from './facts.ts'
import { column, leaf, millisecondsOf } from './node.ts'
import { compileAge } from './age.ts'
import { compileComparison } from './comparison.ts'
import { dayMilliseconds } from '../relationship/duration.ts'
import { figure, kindsOf } from './model-rules.ts'
import { noNeeds } from './needs.ts'
import { personaMeasures } from '../relationship/settling.ts'
import { words } from './says.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Needs } from './needs.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentRule } from '../domain/segment-view.ts'
import type { Sql } from './comparison.ts'

/** Rung, health and persona as the row keeps them: they change when the row is settled. */
export function standingRule(
  rule: SegmentRule,
  model: CompiledModel,
  name: string,
): SegmentCondition | null {
  const { field, operator, value } = rule
  const says = words(name, rule, field.endsWith('.days') ? 'days' : '')
  const cost = 0
  const needs = standing
  if (field === 'rung.days' || field === 'health.days') {
    const test = compileAge(operator, value as number)
    const isRung = field === 'rung.days'
    return leaf({
      ...{ says, needs, cost },
      verdict: (f, { now }) => test.verdict(isRung ? f.rungSince : f.healthSince, now),
      found: (f, { now }) =>
        `${figure((now - (isRung ? f.rungSince : f.healthSince)) / dayMilliseconds)} days`,
      sql: (scope) =>
        test.sql(millisecondsOf(column(scope, isRung ? 'rung_since' : 'health_since')), scope.now),
    })
  }
  const rungs = model.declared.rungs.map(({ id }) => id)
  if (field === 'rung') {
    const wanted = rungs.filter((id, place) => isWanted(rule, id, place, rungs))
    const places = wanted.map((id) => rungs.indexOf(id))
    return leaf({
      ...{ says, needs, cost },
      verdict: (f) => always(places.includes(f.rung)),
      found: (f) => model.declared.rungs[f.rung]?.name ?? '',
      holdsSql: (scope) => sql`(${column(scope, 'rung')} = any(${`{${places.join(',')}}`}::int[]))`,
    })
  }
  const isPersona = field === 'persona'
  if (field !== 'health' && !isPersona && field !== 'persona.fit') return null
  const comparison = compileComparison(operator, value as string)
  const read = (f: { health: string; persona: string | null; personaFit: number }) =>
    isPersona ? f.persona : field === 'health' ? f.health : f.personaFit
  const ofText = (text: Sql) => ({ number: sql`null::float8`, text, boolean: sql`null::boolean`, exists: sql`(${text} is not null)` }) // prettier-ignore
  return leaf({
    says,
    needs: field === 'health' ? standing : personaNeeds(model),
    cost,
    verdict: (f) => always(comparison.holds(read(f))),
    found: (f) => String(read(f) ?? 'none'),
    holdsSql: (scope) => {
      const fit = sql`${column(scope, 'persona_fit')}::text::float8`
      const held =
        field === 'persona.fit'
          ? { ...ofText(sql`null::text`), number: fit, exists: sql`true` }
          : ofText(column(scope, field))
      return sql`(${comparison.sql(held)})`
    },
  })
}

function isWanted({ operator, value }: SegmentRule, id: string, place: number, rungs: string[]) {
  const named = (Array.isArray(value) ? value : [value]) as string[]
  const [least] = named.map((one) => rungs.indexOf(one))
  if (operator === 'at_least') return place >= (least ?? 0)
  if (operator === 'at_most') return place <= (least ?? 0)
  return named.includes(id) === (operator === 'equals' || operator === 'in')
}

const standing: Needs = { ...noNeeds, standing: true }

/** The persona moves with traits that it asks for. */
const personaNeeds = (model: CompiledModel): Needs => ({
  ...noNeeds,
  kinds: kindsOf(personaMeasures(model.declared).flatMap((id) => model.byId.get(id) ?? [])),
})
