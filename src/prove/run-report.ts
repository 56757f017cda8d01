/** One report, asked: its period, its people, what it is compared with. */
import { RapportError } from '../domain/error.ts'
import { periodBefore, periodOf, scopeOf, type People } from './scope.ts'
import type { CompiledModel } from '../relationship/compile-model.ts'
import type { LensReader } from '../store/lens-reader.ts'
import type { Report, Scope } from './report.ts'
import type { ReportAnswer, ReportPeriod, ReportQuery } from '../domain/report-view.ts'

/** A segment whose members of now stand in the lens under the name `copy`. */
export interface CopiedSegment {
  readonly id: string
  readonly name: string
  readonly copy: string
}

export interface ReportParts {
  readonly reader: LensReader
  readonly model: () => Promise<CompiledModel>
  /** Copies the members to the lens; null where there is no such segment. */
  readonly copySegment: (id: string) => Promise<CopiedSegment | null>
  readonly now: () => number
}

export async function runReport(
  parts: ReportParts,
  report: Report,
  query: ReportQuery & Record<string, unknown>,
): Promise<ReportAnswer<unknown>> {
  const began = performance.now()
  const now = parts.now()
  const period = periodOf(query, now)
  const segment = query.segment === undefined ? null : await segmentOf(parts, query.segment)
  const people: People = segment ? { kind: 'members', copy: segment.copy } : { kind: 'everybody' }
  const model = await parts.model()
  const history = await parts.reader.history()
  const draw = (scope: Scope): Promise<unknown> =>
    report.draw(
      {
        scope,
        model,
        now,
        rows: (text, own) => parts.reader.rows(text, { ...scope.parameters, ...own }),
      },
      query,
    )
  const picture = await draw(scopeOf(period, people, history))
  const other = await comparison(parts, query, { period, people, segment })
  return {
    report: report.id,
    period,
    segment: segment && { id: segment.id, name: segment.name },
    picture,
    compared: other && {
      with: other.name,
      period: other.period,
      picture: await draw(scopeOf(other.period, other.people, history)),
    },
    tables: report.tables(picture),
    notes: report.notes(picture, query),
    asOf: new Date(now).toISOString(),
    milliseconds: Math.round(performance.now() - began),
  }
}

interface Asked {
  readonly period: ReportPeriod
  readonly people: People
  readonly segment: CopiedSegment | null
}

async function comparison(
  parts: ReportParts,
  { compare }: ReportQuery,
  { period, people, segment }: Asked,
): Promise<{ name: string; period: ReportPeriod; people: People } | null> {
  if (compare === undefined) return null
  if (compare === 'previous') {
    const before = periodBefore(period)
    return { name: `${before.from} to ${before.to}`, period: before, people }
  }
  if (compare === 'rest') {
    if (segment === null) {
      throw new RapportError('invalid_request', 'Choose a segment to compare it with the rest.')
    }
    return {
      name: `Not in ${segment.name}`,
      period,
      people: { kind: 'others', copy: segment.copy },
    }
  }
  const other = await segmentOf(parts, compare)
  return { name: other.name, period, people: { kind: 'members', copy: other.copy } }
}

async function segmentOf(parts: ReportParts, id: string): Promise<CopiedSegment> {
  const segment = await parts.copySegment(id)
  if (segment === null) throw new RapportError('not_found', `There is no segment ${id}.`)
  return segment
}
