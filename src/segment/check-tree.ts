/** Whether a tree is one: every fault with its path and what to do. Nothing of it is trusted before. */
import { fieldNamed, fieldsOf } from './fields.ts'
import { looseGroup, looseRule } from '../domain/segment-view.ts'
import { RapportError } from '../domain/error.ts'
import { checkValue, checkRuleParts } from './check-rule.ts'
import type { FieldContext } from './fields.ts'
import type {
  SegmentFault,
  SegmentField,
  SegmentGroup,
  SegmentNode,
} from '../domain/segment-view.ts'
import type { z } from 'zod'

export const treeLimits = { depth: 10, rules: 100 } as const

export interface CheckContext extends FieldContext {
  /** Within `account`: the fields of accounts. */
  readonly ofAccounts?: boolean
}

export type Report = (path: string, message: string) => void

interface Walk {
  readonly context: CheckContext
  readonly fields: ReadonlyMap<string, SegmentField>
  readonly report: Report
  readonly counted: { rules: number }
}

export type Checked =
  | { readonly ok: true; readonly tree: SegmentGroup }
  | { readonly ok: false; readonly faults: SegmentFault[] }

/** More are not told: whoever has so many begins with the first ones. */
const mostFaults = 50

export function checkTree(input: unknown, context: CheckContext): Checked {
  const faults: SegmentFault[] = []
  const report: Report = (path, message) => {
    if (faults.length < mostFaults) faults.push({ path, message })
  }
  const counted = { rules: 0 }
  checkGroup(input, 'tree', 1, { context, fields: fieldMap(context), report, counted })
  return faults.length > 0 ? { ok: false, faults } : { ok: true, tree: input as SegmentGroup }
}

/** @throws invalid_segment with every fault */
export function demandTree(input: unknown, context: CheckContext): SegmentGroup {
  const checked = checkTree(input, context)
  if (checked.ok) return checked.tree
  throw new RapportError('invalid_segment', checked.faults[0]?.message, { errors: checked.faults })
}

const fieldMap = (context: FieldContext): ReadonlyMap<string, SegmentField> =>
  new Map(fieldsOf(context).map((field) => [field.field, field]))

const looksLikeGroup = (node: unknown): boolean =>
  typeof node === 'object' && node !== null && ('rules' in node || 'combinator' in node)

function checkNode(node: unknown, path: string, depth: number, walk: Walk): void {
  if (looksLikeGroup(node)) checkGroup(node, path, depth + 1, walk)
  else checkRule(node, path, depth, walk)
}

function checkGroup(node: unknown, path: string, depth: number, walk: Walk): void {
  const { report, counted } = walk
  if (depth > treeLimits.depth) {
    report(path, `Groups may stand ${treeLimits.depth} deep at most. Put a part into a segment of its own.`) // prettier-ignore
    return
  }
  const parsed = looseGroup.safeParse(node)
  if (!parsed.success) {
    reportIssues(parsed.error, path, report)
    return
  }
  const { rules } = parsed.data
  if (rules.length === 0)
    report(`${path}.rules`, 'A group needs a rule. Add one, or remove the group.')
  for (const [i, rule] of rules.entries()) {
    // Said once: nothing of an endless list is looked at.
    if (counted.rules > treeLimits.rules) return
    checkNode(rule, `${path}.rules.${i}`, depth, walk)
  }
}

function checkRule(node: unknown, path: string, depth: number, walk: Walk): void {
  const { fields, report, counted, context } = walk
  if (++counted.rules > treeLimits.rules) {
    report(path, `A tree may have ${treeLimits.rules} rules. Put a part into a segment of its own.`)
    return
  }
  const parsed = looseRule.safeParse(node)
  if (!parsed.success) {
    reportIssues(parsed.error, path, report)
    return
  }
  const rule = parsed.data
  const field = fieldNamed(rule.field, fields)
  if (typeof field === 'string') {
    report(`${path}.field`, field)
    return
  }
  if (!field.operators.includes(rule.operator)) {
    report(`${path}.operator`, `"${rule.operator}" does not go with ${rule.field}. Use one of ${field.operators.join(', ')}.`) // prettier-ignore
    return
  }
  checkRuleParts(rule, field, path, report)
  if (field.type === 'account') {
    const accounts: CheckContext = { ...context, kind: 'account', ofAccounts: true }
    const inner = { context: accounts, fields: fieldMap(accounts), report, counted }
    if (looksLikeGroup(rule.value)) checkGroup(rule.value, `${path}.value`, depth + 1, inner)
    else report(`${path}.value`, 'Give a group of conditions that the account must fulfil.')
    return
  }
  checkValue(rule, field, path, report)
}

function reportIssues(error: z.ZodError, path: string, report: Report): void {
  for (const issue of error.issues.slice(0, 5)) {
    report([path, ...issue.path.map(String)].join('.'), issue.message)
  }
}

/** Ids of the segments that a tree names, itself not included. */
export function segmentsIn(node: SegmentNode): string[] {
  if ('rules' in node) return [...new Set(node.rules.flatMap(segmentsIn))]
  if (node.field === 'segment' && typeof node.value === 'string') return [node.value]
  return node.field === 'account' ? segmentsIn(node.value as SegmentGroup) : []
}
