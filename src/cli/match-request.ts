/** What `rapport match` was asked. */
import type { FieldDefinition } from '../identify/matching/fields.ts'
import type { Output } from './output.ts'

export interface MatchRequest {
  readonly output: Output
  readonly file: string
  /** Without it, duplicates within `file` are looked for. */
  readonly other: string | null
  readonly delimiter: string
  readonly fields: readonly FieldDefinition[]
  /** Names of fields that must agree together; null for each usual field by itself. */
  readonly block: readonly (readonly string[])[] | null
  /** Column that names a record; null for its row, counted from 1. */
  readonly id: string | null
  /** Column that is equal for records of one person. */
  readonly truth: string | null
  /** Only this part of it counts: the first group of the expression. */
  readonly truthPattern: RegExp | null
  readonly leastProbability: number
  readonly oneToOne: boolean
  readonly seed: string
}
