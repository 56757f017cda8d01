/** What one go of the exporter is given, and what it tells. */
import type { ClickHouseClient } from '@clickhouse/client'
import type { LensEngine } from '../lens-shape.ts'
import type { LensModel } from './parties.ts'
import type { PoolClient } from 'pg'

export interface ExportProgress {
  /** Touchpoints copied so far, of those that this go has to copy. */
  readonly copied: number
  readonly total: number
}

export interface Go {
  readonly client: PoolClient
  readonly lens: ClickHouseClient
  readonly engine: LensEngine
  readonly model: LensModel
  readonly rowsABatch: number | undefined
  /** Drop what the lens holds and copy all of it again. */
  readonly anew: boolean
  /** Count what the lens holds against what the truth says it was given. */
  readonly compare: boolean
  /** Asked between batches: what is left is for the next go. */
  readonly isStopped: () => boolean
  readonly onProgress: (progress: ExportProgress) => void
}
