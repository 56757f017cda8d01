/** What was acknowledged against what is there: by the API and by SQL. */
import { readFileSync } from 'node:fs'
import { touchpointIdOf } from '../../src/domain/identifier.ts'
import { centsEach, type Sender } from './sender.ts'
import type { PartySummary } from '../../src/domain/view.ts'
import type { ServerProcess } from './server-process.ts'

export interface Reckoning {
  readonly sent: number
  readonly acknowledged: number
  /** In the ledger and not in the log. */
  readonly lost: number
  /** In the log and never sent. */
  readonly ghosts: number
  /** Ids that the log holds more than once. */
  readonly doubled: number
  /** People whose count or revenue, as the API tells it, is not what was sent about them. */
  readonly miscounted: readonly string[]
  /** Whether the counts of the source add up, and the accepted are those in the log. */
  readonly countsAddUp: boolean
  /** Rows of the log, of the message ids, and of both together: three times the same. */
  readonly rows: readonly [log: number, messages: number, both: number]
}

export async function reckon(
  server: ServerProcess,
  { sent }: Pick<Sender, 'sent'>,
  ledgerFile: string,
): Promise<Reckoning> {
  const ledger = readFileSync(ledgerFile, 'utf8').split('\n').filter(Boolean)
  const log = await server.query<{ id: string; times: number }>(
    'select id::text as id, count(*)::int as times from touchpoint group by id',
  )
  const stored = new Set(log.map(({ id }) => id))
  const expected = new Set([...sent.keys()].map((messageId) => touchpointIdOf('web', messageId)))
  const counts = await server.query<{ rows: [number, number, number] }>(
    `select array[(select count(*)::int from touchpoint), (select count(*)::int from received_message),
      (select count(*)::int from touchpoint join received_message using (id))] as rows`,
  )
  const [source] = await server.query<Record<string, number>>(
    `select sum(received)::int as received, sum(accepted)::int as accepted,
      sum(duplicate)::int as duplicate, sum(rejected)::int as rejected from source_count`,
  )
  const { received = 0, accepted = 0, duplicate = 0, rejected = 0 } = source ?? {}
  return {
    sent: sent.size,
    acknowledged: ledger.length,
    lost: ledger.filter((messageId) => !stored.has(touchpointIdOf('web', messageId))).length,
    ghosts: log.filter(({ id }) => !expected.has(id)).length,
    doubled: log.filter(({ times }) => times > 1).length,
    miscounted: await miscounted(server, sent),
    countsAddUp: received === accepted + duplicate + rejected && accepted === stored.size,
    rows: counts[0]?.rows ?? [0, 0, 0],
  }
}

async function miscounted(
  server: ServerProcess,
  sent: ReadonlyMap<string, string>,
): Promise<string[]> {
  const about = Map.groupBy(sent, ([, userId]) => userId)
  const faults: string[] = []
  for (const [userId, messages] of about) {
    const { parties } = await server.read<{ parties: PartySummary[] }>(
      `/api/parties?identifier=user_id:${userId}`,
    )
    const [party] = parties
    const isRight =
      party?.touchpointCount === messages.length &&
      party.value.ownMinor === messages.length * centsEach
    if (!isRight) {
      const told = `${party?.touchpointCount} touchpoints, ${party?.value.ownMinor} cents`
      faults.push(`${userId}: ${told} for ${messages.length}`)
    }
  }
  return faults
}
