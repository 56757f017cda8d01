/** What a report is. Each stands in a file of its own in `reports/`; `http.ts` serves them all alike. */
import type { z } from 'zod'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { LensParameter } from '../store/lens-reader.ts'
import type { ReportPeriod, ReportTable } from '../domain/report-view.ts'

/**
 * What a report may look at. The texts are ours; what was asked for travels in `parameters`, which every
 * query of the report is given besides its own.
 */
export interface Scope {
  readonly period: ReportPeriod
  /** Start and end (exclusive) in milliseconds since 1970. */
  readonly from: number
  readonly to: number
  /** Touchpoints of the period: `select kind, count() from ${scope.history} group by kind`. */
  readonly history: string
  /** The same people's touchpoints up to the end of the period, with all that went before it. */
  readonly past: string
  /** Parties in the lens, each as it stands now, with its `move_at`, `move_what`, ... arrays. */
  readonly parties: string
  /** Moves of the period: party_id, kind, persona, persona_fit, at, what, from_value, to_value, direction. */
  readonly moves: string
  /** Moves up to the end of the period. */
  readonly pastMoves: string
  readonly parameters: Readonly<Record<string, LensParameter>>
}

export interface ReportContext {
  readonly scope: Scope
  readonly model: CompiledModel
  readonly now: number
  /** Rows of a query on the lens; the scope's parameters are added. */
  rows<Row>(query: string, parameters?: Readonly<Record<string, LensParameter>>): Promise<Row[]>
}

export interface Report<
  Parameters extends z.ZodObject = z.ZodObject,
  Picture extends z.ZodType = z.ZodType,
> {
  /** In the address: `/api/reports/{id}`. */
  readonly id: string
  readonly title: string
  /** One sentence: the question that it answers. */
  readonly about: string
  /** Its own parameters, from the query string: `z.coerce` numbers, enums, lists as comma-separated text. */
  readonly parameters: Parameters
  readonly picture: Picture
  draw(context: ReportContext, parameters: z.infer<Parameters>): Promise<z.infer<Picture>>
  tables(picture: z.infer<Picture>): ReportTable[]
  notes(picture: z.infer<Picture>, parameters: z.infer<Parameters>): string[]
}

/** Keeps the types of a report's own schemas together; at run time it is what was given. */
export const defineReport = <Parameters extends z.ZodObject, Picture extends z.ZodType>(
  report: Report<Parameters, Picture>,
): Report<Parameters, Picture> => report
