/**
 * Senders that never give up, as the clients of the protocol do: a batch is sent again, with the
 * same message ids, until it is acknowledged. Each acknowledged id is written to a ledger on disk.
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../src/math/random.ts'

export interface SenderOptions {
  readonly url: string
  readonly writeKey: string
  readonly ledgerFile: string
  readonly random: Random
  /** Batches under way at once. */
  readonly lanes: number
  readonly people: number
}

export interface Sender {
  /** No new batches; resolves when all that were begun are acknowledged. */
  finish(): Promise<void>
  /** Message ids that were sent at least once, with the person each is about. */
  readonly sent: ReadonlyMap<string, string>
  readonly acknowledged: ReadonlySet<string>
  /** Answers by status; 0 where the connection broke. */
  readonly answers: ReadonlyMap<number, number>
  /** Of 429 and 503: those that did not say when to come again. */
  refusalsWithoutWait(): number
}

/** What each touchpoint adds to the person's revenue, in cents. */
export const centsEach = 1_000

export function startSender(options: SenderOptions): Sender {
  const { url, writeKey, ledgerFile, random, lanes, people } = options
  const ledger = openSync(ledgerFile, 'a')
  const sent = new Map<string, string>()
  const acknowledged = new Set<string>()
  const answers = new Map<number, number>()
  let withoutWait = 0
  let finishing = false
  let number = 0

  const makeBatch = (): { messageId: string; userId: string }[] =>
    Array.from({ length: 1 + random.integer(random.chance(0.1) ? 200 : 12) }, () => {
      const messageId = `m-${number++}`
      const userId = `u-${random.integer(people)}`
      sent.set(messageId, userId)
      const total = centsEach / 100
      // Some come late, so that the background has history to rewrite while it is killed.
      const age = random.chance(0.3) ? random.integer(40) * 86_400_000 : 0
      const timestamp = new Date(Date.now() - age).toISOString()
      const anonymousId = `a-${userId}-${random.integer(3)}`
      const kind = { type: 'track', event: 'Order Completed', timestamp }
      return { ...kind, messageId, userId, anonymousId, properties: { total, currency: 'EUR' } }
    })

  const post = async (body: string): Promise<number> => {
    const answer = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${writeKey}:`)}` },
      body,
      signal: AbortSignal.timeout(20_000),
    }).catch(() => null)
    const whole = await answer?.text().catch(() => null)
    const status = typeof whole === 'string' ? (answer?.status ?? 0) : 0
    answers.set(status, (answers.get(status) ?? 0) + 1)
    const mustSayWhen = status === 429 || status === 503
    if (mustSayWhen && !Number(answer?.headers.get('retry-after'))) withoutWait++
    return status
  }

  const lane = async (): Promise<void> => {
    while (!finishing) {
      const batch = makeBatch()
      const body = JSON.stringify({ batch })
      while ((await post(body)) !== 200) await sleep(50 + random.integer(100))
      for (const { messageId } of batch) acknowledged.add(messageId)
      writeSync(ledger, batch.map(({ messageId }) => `${messageId}\n`).join(''))
      fdatasyncSync(ledger)
    }
  }

  const all = Promise.all(Array.from({ length: lanes }, lane))
  return {
    sent,
    acknowledged,
    answers,
    refusalsWithoutWait: () => withoutWait,
    async finish() {
      finishing = true
      await all
      closeSync(ledger)
    },
  }
}
