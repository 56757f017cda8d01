/**
 * The segments in force, compiled: read anew when the epoch or the model moves on, else one small
 * query a transaction. Segments come in the order in which one is made of the other.
 */
import { sql } from 'kysely'
import { checkTree, segmentsIn } from './check-tree.ts'
import { compileTree } from './compile-tree.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { Kysely } from 'kysely'
import type { NamedSegment } from './compile-tree.ts'
import type { PartyKind } from '../domain/view.ts'
import type { SegmentCondition } from './node.ts'
import type { SegmentGroup } from '../domain/segment-view.ts'

/** The model in force; its version names the relationship table. */
export interface ModelInForce {
  readonly version: number
  readonly compiled: CompiledModel
}

/** What is stored of a segment that is not deleted, with the tree of one of its versions. */
export interface StoredSegment {
  readonly id: string
  readonly name: string
  readonly kind: PartyKind
  readonly version: number
  readonly tree: SegmentGroup
}

export interface ActiveSegment extends StoredSegment {
  readonly build: number
  readonly condition: SegmentCondition
}

export interface Catalogue {
  /** Those that serve and can be evaluated, parts before what is made of them. */
  readonly active: readonly ActiveSegment[]
  /** Builds that are being made: they hear which parties changed. */
  readonly building: readonly number[]
}

const nothing: Catalogue = { active: [], building: [] }

/** One a process. */
export class Catalogues {
  #known: { epoch: string; version: number; catalogue: Catalogue } | null = null

  /**
   * As the transaction sees it.
   *
   * @param known  the epoch, where the transaction has read it already
   */
  async at(db: Kysely<unknown>, model: ModelInForce, known?: string): Promise<Catalogue> {
    const epoch = known ?? (await epochOf(db))
    if (this.#known?.epoch === epoch && this.#known.version === model.version)
      return this.#known.catalogue
    const catalogue = await readCatalogue(db, model)
    this.#known = { epoch, version: model.version, catalogue }
    return catalogue
  }
}

async function epochOf(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ epoch: string }>`
    select epoch::text as epoch from segment_epoch`.execute(db)
  return rows[0]?.epoch ?? '0'
}

async function readCatalogue(db: Kysely<unknown>, model: ModelInForce): Promise<Catalogue> {
  const { rows } = await sql<StoredSegment & { build: number; state: string }>`
    select s.id, s.name, s.kind, b.build, b.version, b.state, v.tree
    from segment_build b join segment s on s.id = b.segment_id
    join segment_version v on v.segment_id = b.segment_id and v.version = b.version
    where b.state in ('serving', 'building') and s.deleted_at is null
    order by s.created_at, s.id`.execute(db)
  if (rows.length === 0) return nothing
  const serving = rows.filter(({ state }) => state === 'serving')
  const { compiled } = compileAll(serving, model.compiled)
  return {
    active: compiled.map((segment) => ({
      ...segment,
      build: serving.find(({ id }) => id === segment.id)?.build ?? 0,
    })),
    building: rows.filter(({ state }) => state === 'building').map(({ build }) => build),
  }
}

export interface Compilation {
  readonly compiled: readonly (StoredSegment & { readonly condition: SegmentCondition })[]
  /** Why those that are left could not be: by id. */
  readonly broken: ReadonlyMap<string, string>
}

/** Compiles segments that may be made of each other. */
export function compileAll(stored: readonly StoredSegment[], model: CompiledModel): Compilation {
  const named = new Map<string, NamedSegment>()
  const compiled: (StoredSegment & { condition: SegmentCondition })[] = []
  const broken = new Map<string, string>()
  for (const segment of inOrder(stored, broken)) {
    const context = { model, kind: segment.kind, segments: named }
    const fault = brokenPart(segment, named, broken) ?? faultOf(segment, context)
    if (fault !== null) {
      broken.set(segment.id, fault)
      continue
    }
    const condition = compileTree(segment.tree, context)
    named.set(segment.id, { name: segment.name, kind: segment.kind, condition })
    compiled.push({ ...segment, condition })
  }
  return { compiled, broken }
}

function faultOf(
  { tree }: StoredSegment,
  context: Parameters<typeof compileTree>[1],
): string | null {
  const checked = checkTree(tree, context)
  const [first] = checked.ok ? [] : checked.faults
  return first ? `${first.path}: ${first.message}` : null
}

function brokenPart(
  { tree }: StoredSegment,
  named: ReadonlyMap<string, NamedSegment>,
  broken: ReadonlyMap<string, string>,
): string | null {
  const part = segmentsIn(tree).find((id) => !named.has(id))
  if (part === undefined) return null
  return broken.has(part)
    ? 'A segment that it is made of is broken. Mend that one first.'
    : 'A segment that it is made of is not there. Take the condition out.'
}

/** Parts before what is made of them; what goes round in a circle is broken. */
function inOrder(
  stored: readonly StoredSegment[],
  broken: Map<string, string>,
): readonly StoredSegment[] {
  const byId = new Map(stored.map((segment) => [segment.id, segment]))
  const ordered: StoredSegment[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (segment: StoredSegment): void => {
    if (state.get(segment.id) === 'done') return
    if (state.get(segment.id) === 'open') {
      broken.set(segment.id, 'It is made of itself. Take one of the segments out.')
      return
    }
    state.set(segment.id, 'open')
    for (const part of segmentsIn(segment.tree)) {
      const found = byId.get(part)
      if (found) visit(found)
    }
    state.set(segment.id, 'done')
    ordered.push(segment)
  }
  for (const segment of stored) visit(segment)
  return ordered
}
