/** A checked tree -> a condition that can be asked. Cheap parts are asked first. */
import { sql } from 'kysely'
import { accountRule, bucketRule, listRule, nestedRule, traitRule } from './party-rules.ts'
import { consentRule } from './consent-rule.ts'
import { addNeeds } from './needs.ts'
import { fieldNamed, fieldsOf } from './fields.ts'
import { currencyFactors } from '../relationship/field.ts'
import { historyRule } from './history-rules.ts'
import { modelRule } from './model-rules.ts'
import { predictionRule } from './prediction-rule.ts'
import { standingRule } from './standing-rules.ts'
import { RapportError } from '../domain/error.ts'
import { sequenceRule } from './sequence-rule.ts'
import { infinity } from './node.ts'
import { isGroup } from '../domain/segment-view.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { CurrencyFactors } from '../relationship/field.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition, SqlScope } from './node.ts'
import type { Sql } from './comparison.ts'
import type { SegmentGroup, SegmentNode, SegmentRule } from '../domain/segment-view.ts'
import type { Verdict } from './facts.ts'

export interface NamedSegment {
  readonly name: string
  readonly kind: PartyKind
  readonly condition: SegmentCondition
}

export interface CompileContext {
  readonly model: CompiledModel
  readonly kind: PartyKind
  /** Segments that the tree may name, compiled. */
  readonly segments: ReadonlyMap<string, NamedSegment>
}

interface Compiling extends CompileContext {
  readonly factors: CurrencyFactors
  readonly names: (field: string) => string
}

/** @param tree  passed `checkTree` with the same context */
export function compileTree(tree: SegmentGroup, context: CompileContext): SegmentCondition {
  return compileNode(tree, prepare(context))
}

function prepare(context: CompileContext): Compiling {
  const known = new Map(fieldsOf(context).map((field) => [field.field, field]))
  const names = (field: string): string => {
    const found = fieldNamed(field, known)
    return typeof found === 'string' ? field : found.name
  }
  return { ...context, factors: currencyFactors(context.model.declared.currency), names }
}

function compileNode(node: SegmentNode, context: Compiling): SegmentCondition {
  return isGroup(node) ? compileGroup(node, context) : compileRule(node, context)
}

function compileGroup(group: SegmentGroup, context: Compiling): SegmentCondition {
  const { combinator, not = false } = group
  const parts = group.rules.map((rule) => compileNode(rule, context))
  const inOrder = parts.toSorted((one, other) => one.cost - other.cost)
  const sign = not ? -1 : 1
  const isAnd = combinator === 'and'
  // Nothing can be less than this (or more): the rest need not be asked.
  const last: Verdict = isAnd ? -Infinity : Infinity
  const joined = parts.map(({ says }) => says).join(isAnd ? ', and ' : ', or ')
  const alone: SegmentCondition[] = []
  const all = !not && (isAnd || parts.length === 1)
  const self: SegmentCondition = {
    combinator,
    not,
    parts,
    conjuncts: all ? parts.flatMap(({ conjuncts }) => conjuncts) : alone,
    effect: null,
    says: (not ? `Not: ${joined}` : joined).slice(0, 300),
    needs: addNeeds(parts.map(({ needs }) => needs)),
    cost: Math.max(0, ...parts.map(({ cost }) => cost)),
    found: () => null,
    verdict: (facts, question) => {
      let verdict: Verdict = -last
      for (const part of inOrder) {
        const own = part.verdict(facts, not ? question.flipped : question)
        verdict = isAnd ? Math.min(verdict, own) : Math.max(verdict, own)
        if (verdict === last) break
      }
      return sign * verdict
    },
    holdsSql: null,
    sql: (scope) => sql`(${sign}::float8 * ${joinedSql(inOrder, isAnd, scope)})`,
  }
  alone.push(self)
  return self
}

/** The least or the greatest; where what never changes by time decides, the rest is not computed. */
function joinedSql(parts: readonly SegmentCondition[], isAnd: boolean, scope: SqlScope): Sql {
  const fixed = parts.flatMap(({ holdsSql }) => (holdsSql ? [holdsSql(scope)] : []))
  const moving = parts.flatMap((part) => (part.holdsSql ? [] : [part.sql(scope)]))
  const all = sql`${sql.raw(isAnd ? 'least' : 'greatest')}(${sql.join(moving)})`
  const rest = moving.length > 0 ? all : isAnd ? infinity : sql`-${infinity}`
  if (fixed.length === 0) return rest
  return isAnd
    ? sql`(case when ${sql.join(fixed, sql` and `)} then ${rest} else -${infinity} end)`
    : sql`(case when ${sql.join(fixed, sql` or `)} then ${infinity} else ${rest} end)`
}

function compileRule(rule: SegmentRule, context: Compiling): SegmentCondition {
  const { model, factors, names, segments } = context
  const { field } = rule
  if (field.startsWith('trait.')) return traitRule(rule)
  if (field.startsWith('touchpoint.')) return historyRule(rule, factors)
  if (field.startsWith('consent.')) return consentRule(rule, factors)
  if (field.startsWith('prediction.')) return predictionRule(rule, model.declared.currency.base)
  switch (field) {
    case 'sequence':
      return sequenceRule(rule, factors)
    case 'bucket':
      return bucketRule(rule)
    case 'list':
      return listRule(rule)
    case 'segment': {
      const other = segments.get(rule.value as string)
      if (!other) throw new RapportError('invalid_segment', `There is no segment ${String(rule.value)}.`) // prettier-ignore
      return nestedRule(rule, other)
    }
    case 'account': {
      const accounts = prepare({ ...context, kind: 'account' })
      return accountRule(rule, compileGroup(rule.value as SegmentGroup, accounts))
    }
    default: {
      const found = standingRule(rule, model, names(field)) ?? modelRule(rule, model, names(field))
      if (!found) throw new RapportError('invalid_segment', `There is no field "${field}".`)
      return found
    }
  }
}
