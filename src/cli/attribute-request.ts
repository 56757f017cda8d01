/** What `rapport attribute` was asked. */
import type { MethodName } from '../prove/attribution/attribute.ts'
import type { Output } from './output.ts'

export interface AttributeRequest {
  readonly output: Output
  readonly file: string
  readonly delimiter: string
  readonly separator: string
  /** Names of columns; null where none was named and the usual one may be missing. */
  readonly columns: {
    readonly path: string
    readonly conversions: string
    readonly value: string | null
    readonly nulls: string | null
  }
  readonly methods: readonly MethodName[]
  readonly halfLife: number
  /** Draws of the bootstrap; 0 for no intervals. */
  readonly bootstrap: number
  readonly seed: string
}
