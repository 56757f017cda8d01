/** For tests of predictions: the log as it is, to count over by hand. */
import { dayMilliseconds } from '../relationship/duration.ts'
import { purchaseKinds } from './purchase-kinds.ts'

export interface LoggedTouchpoint {
  readonly partyId: string
  /** Milliseconds. */
  readonly at: number
  readonly kind: string
}

interface AskedLens {
  readonly lens: <Row>(query: string) => Promise<Row[]>
}

/** Everything of everybody but robots. */
export const readLog = ({ lens }: AskedLens): Promise<LoggedTouchpoint[]> =>
  lens<LoggedTouchpoint>(
    `select toString(party_id) as partyId, toUnixTimestamp64Milli(occurred_at) as at, kind from history`,
  )

/** Of each buyer the days with a purchase before `until`, counted from 1970. */
export function boughtOn(
  log: readonly LoggedTouchpoint[],
  until: number,
): Map<string, Set<number>> {
  const days = new Map<string, Set<number>>()
  for (const { partyId, at, kind } of log) {
    const day = Math.floor(at / dayMilliseconds)
    if (day >= until || !(purchaseKinds as readonly string[]).includes(kind)) continue
    days.set(partyId, (days.get(partyId) ?? new Set()).add(day))
  }
  return days
}
