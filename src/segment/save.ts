/** Making, changing and removing segments. Membership follows when they are built. */
import { compileAll } from './catalogue.ts'
import { demandTree, segmentsIn } from './check-tree.ts'
import { firstSubjects, insertSegment, insertVersion, readSegments, retireSegment, updateSegment } from './segment-queries.ts' // prettier-ignore
import { identifierIn } from './check-rule.ts'
import { RapportError } from '../domain/error.ts'
import { subjectIdOf } from '../domain/identifier.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { FieldContext } from './fields.ts'
import type { Kysely } from 'kysely'
import type { ModelInForce } from './catalogue.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentFault, SegmentGroup, SegmentNode } from '../domain/segment-view.ts'
import type { SegmentRow } from './segment-queries.ts'

export interface SavingParts {
  readonly db: Kysely<unknown>
  readonly model: (db: Kysely<unknown>) => Promise<ModelInForce>
  readonly now: () => number
  readonly newId: () => string
}

export interface SegmentDraft {
  readonly name: string
  readonly about: string
  readonly tree: unknown
  readonly by: string
}

export async function createSegment(
  { db, model, now, newId }: SavingParts,
  draft: SegmentDraft & { readonly kind: PartyKind },
): Promise<string> {
  const { compiled } = await model(db)
  const others = await readSegments(db)
  const tree = await checkedTree(db, draft.tree, contextOf(compiled, draft.kind, others))
  const id = newId()
  await namedOnce(
    db.transaction().execute((transaction) => insertSegment(transaction, { ...draft, id, tree, now: now() })), // prettier-ignore
  )
  return id
}

/** @param expected  the version that the caller saw, where it says so */
export async function changeSegment(
  { db, model, now }: SavingParts,
  id: string,
  { expected, ...draft }: SegmentDraft & { readonly expected: number | undefined },
): Promise<void> {
  const { compiled } = await model(db)
  const others = await readSegments(db)
  const present = others.find((row) => row.id === id)
  if (!present) throw new RapportError('not_found', 'There is no such segment.')
  const rest = others.filter((row) => row.id !== id)
  const tree = await checkedTree(db, draft.tree, contextOf(compiled, present.kind, rest))
  refuseCircle(id, tree, rest)
  const version = present.version + 1
  if (expected !== undefined && expected !== present.version) throw changedMeanwhile()
  await namedOnce(
    db.transaction().execute(async (transaction) => {
      // Two at once: the second meets the key of its version.
      await insertVersion(transaction, { id, tree, by: draft.by, now: now(), version })
      await updateSegment(transaction, { ...draft, id, version })
    }),
  )
}

export async function removeSegment({ db, now }: SavingParts, id: string): Promise<void> {
  const rows = await readSegments(db)
  if (!rows.some((row) => row.id === id)) throw new RapportError('not_found', 'There is no such segment.') // prettier-ignore
  const made = rows.filter(({ tree }) => segmentsIn(tree).includes(id))
  if (made.length > 0) {
    const names = made.map(({ name }) => `"${name}"`).join(', ')
    throw new RapportError(
      'conflict',
      `${names} is made of it. Take the condition out there first.`,
    )
  }
  await db.transaction().execute((transaction) => retireSegment(transaction, id, now()))
}

export function contextOf(
  model: CompiledModel,
  kind: PartyKind,
  others: readonly SegmentRow[],
): FieldContext {
  return { model, kind, segments: new Map(others.map((row) => [row.id, row])) }
}

/** @throws invalid_segment with every fault */
export async function checkedTree(
  db: Kysely<unknown>,
  input: unknown,
  context: FieldContext,
): Promise<SegmentGroup> {
  return (await withSubjects(db, demandTree(input, context))) as SegmentGroup
}

/** Fixed lists are kept by identifiers, so that they lead to the same people after any merge or split. */
async function withSubjects(db: Kysely<unknown>, tree: SegmentNode): Promise<SegmentNode> {
  const entries = new Set(listsIn(tree))
  const parties = [...entries].filter((entry) => !entry.includes(':'))
  const subjects = await firstSubjects(db, parties)
  const missing = parties.filter((id) => !subjects.has(id.toLowerCase()))
  if (missing.length > 0) {
    const errors: SegmentFault[] = missing.map((id) => ({ path: 'tree', message: `There is no party ${id}. Take it off the list.` })) // prettier-ignore
    throw new RapportError('invalid_segment', errors[0]?.message, { errors })
  }
  const subjectOf = (entry: string): string => {
    const identifier = identifierIn(entry)
    return identifier ? subjectIdOf(identifier) : (subjects.get(entry.toLowerCase()) as string)
  }
  const resolve = (node: SegmentNode): SegmentNode => {
    if ('rules' in node) return { ...node, rules: node.rules.map(resolve) }
    if (node.field === 'account') return { ...node, value: resolve(node.value as SegmentGroup) as SegmentGroup } // prettier-ignore
    if (node.field !== 'list') return node
    return { ...node, subjects: [...new Set((node.value as string[]).map(subjectOf))] }
  }
  return resolve(tree)
}

function listsIn(node: SegmentNode): string[] {
  if ('rules' in node) return node.rules.flatMap(listsIn)
  if (node.field === 'account') return listsIn(node.value as SegmentGroup)
  return node.field === 'list' ? (node.value as string[]) : []
}

function refuseCircle(id: string, tree: SegmentGroup, others: readonly SegmentRow[]): void {
  const byId = new Map(others.map((row) => [row.id, row]))
  const open = [...segmentsIn(tree)]
  const seen = new Set<string>()
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    const parts = segmentsIn(byId.get(at)?.tree ?? { combinator: 'and', rules: [] })
    if (at === id || parts.includes(id)) {
      const name = byId.get(at)?.name ?? ''
      const message = `"${name}" is made of this segment, so this one cannot be made of it. Take one of the two out.`
      throw new RapportError('invalid_segment', message, { errors: [{ path: 'tree', message }] })
    }
    open.push(...parts)
  }
}

const changedMeanwhile = (): RapportError =>
  new RapportError('conflict', 'Somebody changed the segment meanwhile. Read it again.')

async function namedOnce(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: unknown }
    if (code !== '23505') throw error
    if (constraint !== 'segment_by_name') throw changedMeanwhile()
    throw new RapportError('conflict', 'There is a segment of that name. Choose another.')
  }
}

/** Which segments a model would break that are whole now, and why. */
export async function brokenBy(
  db: Kysely<unknown>,
  model: CompiledModel,
): Promise<{ id: string; name: string; reason: string }[]> {
  const rows = await readSegments(db)
  const { broken } = compileAll(rows, model)
  return rows.flatMap(({ id, name, state }) => {
    const reason = broken.get(id)
    return reason === undefined || state === 'broken' ? [] : [{ id, name, reason }]
  })
}
