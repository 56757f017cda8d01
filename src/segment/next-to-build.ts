/** Which segment is to be built next: new, changed, or resting on something that changed; parts first. */
import { sql } from 'kysely'
import { compileAll } from './catalogue.ts'
import { readSegments } from './segment-queries.ts'
import { segmentsIn } from './check-tree.ts'
import type { Compilation, ModelInForce } from './catalogue.ts'
import type { Kysely } from 'kysely'
import type { SegmentCondition } from './node.ts'
import type { SegmentRow } from './segment-queries.ts'

export interface ChoosingParts {
  readonly truth: { readonly db: Kysely<unknown> }
  /** The model in force, as the transaction sees it. */
  readonly model: (db: Kysely<unknown>) => Promise<ModelInForce>
}

/** Whether anything is to be built, or was begun and maybe broke off: costs two small queries. */
export async function isAnythingToBuild(parts: ChoosingParts): Promise<boolean> {
  const { rows } = await sql`
    select 1 from segment_build where state = 'building' limit 1`.execute(parts.truth.db)
  return rows.length > 0 || (await nextToBuild(parts, new Set())) !== null
}

export interface Next {
  readonly row: SegmentRow
  readonly model: ModelInForce
  readonly parts: readonly number[]
  readonly condition: SegmentCondition | null
  readonly reason: string | null
}

/** Of those not tried yet, as `triedAs` names them; null where all that is there serves. */
export async function nextToBuild(
  { truth: { db }, model: readModel }: ChoosingParts,
  tried: ReadonlySet<string>,
): Promise<Next | null> {
  const rows = await readSegments(db)
  if (rows.length === 0) return null
  const model = await readModel(db)
  const compilation = compileAll(rows, model.compiled)
  const builds = new Map(rows.map(({ id, build }) => [id, build ?? 0]))
  const order = [...compilation.compiled.map(({ id }) => id), ...compilation.broken.keys()]
  for (const id of order) {
    const row = rows.find((one) => one.id === id) as SegmentRow
    const parts = segmentsIn(row.tree).map((part) => builds.get(part) ?? 0)
    if (isUpToDate(row, compilation, { model, parts })) continue
    if (tried.has(triedAs({ row, model, parts }))) continue
    const condition = compilation.compiled.find((one) => one.id === id)?.condition ?? null
    return { row, model, parts, condition, reason: compilation.broken.get(id) ?? null }
  }
  return null
}

/** Names what a build would be made of. */
export const triedAs = ({ row, model, parts }: Pick<Next, 'row' | 'model' | 'parts'>): string =>
  `${row.id} ${row.version} ${model.version} ${parts.join()}`

function isUpToDate(
  row: SegmentRow,
  { broken }: Compilation,
  { model, parts }: { readonly model: ModelInForce; readonly parts: readonly number[] },
): boolean {
  const isBroken = broken.has(row.id)
  return (
    row.build !== null &&
    row.state === (isBroken ? 'broken' : 'serving') &&
    row.servingVersion === row.version &&
    row.modelVersion === model.version &&
    (isBroken ? row.reason === broken.get(row.id) : String(row.parts) === String(parts))
  )
}
