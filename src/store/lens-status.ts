/** How far the lens is behind the truth. */
import type { Exporter } from './exporter/exporter.ts'
import type { Lens } from './lens.ts'
import type { Truth } from './truth.ts'

export interface LensStatus {
  readonly engine: string
  /** Touchpoints that the lens was given. */
  readonly copied: number
  /** Touchpoints that were acknowledged and are not in the lens yet; a question brings them there. */
  readonly behind: number
  readonly copiedAt: string | null
  readonly underWay: { readonly copied: number; readonly total: number } | null
}

export async function lensStatus(
  { pool }: Pick<Truth, 'pool'>,
  lens: Lens,
  exporter: Exporter,
): Promise<LensStatus> {
  const { rows } = await pool.query<{
    copied: number
    open: number
    after: number
    at: Date | null
  }>(`
    with batch as (
      select coalesce(sum(touchpoints) filter (where copied_at is not null), 0)::float8 as copied,
        coalesce(sum(touchpoints) filter (where copied_at is null), 0)::float8 as open,
        coalesce(max(to_transaction), 0) as to_transaction
      from lens_batch)
    select copied, open, (select copied_at from lens_progress) as at,
      (select count(*) from touchpoint where transaction_id::text::bigint >= batch.to_transaction) as after
    from batch`)
  const { copied = 0, open = 0, after = 0, at = null } = rows[0] ?? {}
  return {
    engine: lens.isRemote ? lens.engine.kind : 'embedded',
    copied,
    behind: open + after,
    copiedAt: at?.toISOString() ?? null,
    underWay: exporter.underWay(),
  }
}
