import type { Kysely } from 'kysely'
import type { Touchpoint } from '../domain/touchpoint.ts'
import type { TouchpointView } from '../domain/view.ts'
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
