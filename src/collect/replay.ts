/** Rejected events tried again, as they came or mended. */
import type { Kysely } from 'kysely'
import type { AcceptBatch } from '../domain/collected-batch.ts'
import { RapportError } from '../domain/error.ts'
import type { IncomingTouchpoint } from '../domain/touchpoint.ts'
import { clean } from './clean.ts'
import { isRejected, normaliseEvent } from './normalise-event.ts'
import { closeRejects, findReject, listRejects, type Reject } from './rejects.ts'

export interface ReplayParts {
  readonly db: Kysely<unknown>
  readonly accept: AcceptBatch
  readonly newMessageId: () => string
}

/** Rejects that are tried in one go; the answer says where there are more. */
const replayLimit = 1_000

/**
 * Takes one rejected event after all. The event keeps its message id and the time of its receipt, so
 * doing this twice, or after the client has sent it again, counts it once.
 *
 * @param mended The event as it should have been; without it, it is tried as it came.
 * @throws RapportError not_found, conflict, or the reason why it is still refused
 */
export async function replayReject(
  parts: ReplayParts,
  id: string,
  mended?: unknown,
): Promise<void> {
  const reject = await findReject(parts.db, id)
  if (!reject) throw new RapportError('not_found')
  if (reject.state !== 'open') throw new RapportError('conflict', `It is ${reject.state} already.`)
  const touchpoint = tryAgain(parts, reject, mended)
  if (touchpoint instanceof RapportError) throw touchpoint
  await parts.accept({ sourceId: reject.sourceId, touchpoints: [touchpoint], rejected: [] })
  await closeRejects(parts.db, [id], 'replayed')
}

export interface ReplayOutcome {
  readonly replayed: number
  readonly refused: number
  /** Where a further call goes on, or null where all were tried. */
  readonly next: string | null
}

/** Tries all open rejects again, newest first, for instance after a rule of ours has changed. */
export async function replayRejects(
  parts: ReplayParts,
  question: { readonly sourceId?: string; readonly before?: string },
): Promise<ReplayOutcome> {
  const rejects = await listRejects(parts.db, { ...question, state: 'open', limit: replayLimit })
  const ready = new Map<string, { id: string; touchpoint: IncomingTouchpoint }[]>()
  for (const reject of rejects) {
    const touchpoint = tryAgain(parts, reject)
    if (touchpoint instanceof RapportError) continue
    const ofSource = ready.get(reject.sourceId) ?? []
    ofSource.push({ id: reject.id, touchpoint })
    ready.set(reject.sourceId, ofSource)
  }
  let replayed = 0
  for (const [sourceId, found] of ready) {
    const touchpoints = found.map(({ touchpoint }) => touchpoint)
    await parts.accept({ sourceId, touchpoints, rejected: [] })
    const ids = found.map(({ id }) => id)
    await closeRejects(parts.db, ids, 'replayed')
    replayed += found.length
  }
  const last = rejects.length === replayLimit ? rejects.at(-1) : undefined
  return { replayed, refused: rejects.length - replayed, next: last?.id ?? null }
}

function tryAgain(
  { newMessageId }: ReplayParts,
  reject: Reject,
  mended?: unknown,
): IncomingTouchpoint | RapportError {
  const event = mended ?? reject.event
  if (event === null) {
    return new RapportError('invalid_event', 'It could not be read; send it mended.')
  }
  const result = normaliseEvent(clean(event), {
    sourceId: reject.sourceId,
    receivedAt: reject.at.getTime(),
    makeMessageId: newMessageId,
  })
  return isRejected(result) ? new RapportError(result.code, result.reason) : result
}
