import { sql } from 'kysely'
import { uuidArray } from '../store/array-literal.ts'
import type { Kysely } from 'kysely'
import type { Touchpoint } from '../domain/touchpoint.ts'
import type { PartyKind, TouchpointView } from '../domain/view.ts'
import { sourceNames } from './sources.ts'

/** Touchpoints as the reading API shows them, with the names of their sources. */
export async function viewTouchpoints(
  db: Kysely<unknown>,
  touchpoints: readonly Touchpoint[],
): Promise<TouchpointView[]> {
  const names = await sourceNames(
    db,
    touchpoints.map(({ sourceId }) => sourceId),
  )
  return touchpoints.map(({ sourceId, occurredAt, receivedAt, ...rest }) => ({
    ...rest,
    occurredAt: new Date(occurredAt).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    source: { id: sourceId, name: names.get(sourceId) ?? sourceId },
  }))
}

interface PartyName {
  readonly id: string
  readonly kind: PartyKind
  readonly displayName: string
}

/** The same with the party that each belongs to now; null where identity has not met it yet. */
export async function viewWithParties(
  db: Kysely<unknown>,
  touchpoints: readonly Touchpoint[],
): Promise<(TouchpointView & { party: PartyName | null })[]> {
  const subjects = [...new Set(touchpoints.map(({ subjectId }) => subjectId))]
  const { rows } = await sql<PartyName & { subjectId: string }>`
    select i.subject_id as "subjectId", p.id, p.kind, p.display_name as "displayName"
    from identifier i join party p on p.id = i.party_id
    where i.subject_id = any(${uuidArray(subjects)}::uuid[])`.execute(db)
  const parties = new Map(rows.map(({ subjectId, ...party }) => [subjectId, party]))
  const views = await viewTouchpoints(db, touchpoints)
  return views.map((view, i) => ({
    ...view,
    party: parties.get(touchpoints[i]?.subjectId ?? '') ?? null,
  }))
}
