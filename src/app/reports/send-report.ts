/**
 * One delivery: its files, the handing over, and what is written of it. That something is about to be
 * handed over is written first, so that a process that dies in between leaves a trace: a webhook is then
 * sent again under the id by which receivers know it; of an e-mail it is said that it may have arrived.
 */
import { beginSending, giveBack, openDeliveries, recordOutcome, type Claimed, type OpenDelivery, type Outcome } from '../../prove/schedules/deliveries.ts' // prettier-ignore
import { deliveryId, mailId, mailOf, webhookBodyOf, type Told } from './report-message.ts'
import { makeFiles, type FileParts } from './report-files.ts'
import { RapportError } from '../../domain/error.ts'
import { retryDelay } from '../../deliver/retries.ts'
import { sendWebhook, type WebhookRule } from '../../deliver/webhook.ts'
import type { Kysely } from 'kysely'
import type { Mailer } from '../../deliver/email.ts'
import type { Sent } from '../../deliver/sent.ts'
import type { StoredSchedule } from '../../prove/schedules/queries.ts'

export interface SendingParts extends FileParts {
  readonly db: Kysely<unknown>
  readonly now: () => number
  /** Null where no mail server is configured. */
  readonly mailer: Mailer | null
  readonly webhooks: WebhookRule
  readonly publicUrl: () => string
}

/** Everything that is open of a schedule that we hold. */
export async function sendOpen(parts: SendingParts, claimed: Claimed): Promise<void> {
  let isGone = false
  try {
    for (const delivery of await openDeliveries(parts.db, claimed, parts.now())) {
      const outcome: Outcome | null = isGone ? gone : await attempt(parts, claimed, delivery)
      if (outcome === null) return
      isGone ||= outcome === gone
      await recordOutcome(parts.db, claimed, delivery.dueAt, outcome)
    }
  } finally {
    await giveBack(parts.db, claimed, { pause: isGone })
  }
}

const gone: Outcome = {
  state: 'failed',
  error: 'The receiver answered 410: it wants no more. The schedule is paused.',
}

/** Null where somebody else holds the schedule by now. */
async function attempt(
  parts: SendingParts,
  claimed: Claimed,
  delivery: OpenDelivery,
): Promise<Outcome | null> {
  const { schedule } = claimed
  const wasInterrupted = delivery.state === 'sending'
  if (wasInterrupted && schedule.channel === 'email') {
    return interruptedMail(parts, schedule, delivery)
  }
  let told: Told
  try {
    const made = await makeFiles(parts, schedule)
    told = { schedule, dueAt: delivery.dueAt, made, publicUrl: parts.publicUrl() }
  } catch (error) {
    if (!(error instanceof RapportError)) parts.onError(error)
    return unmade(error, delivery, parts.now())
  }
  if (!(await beginSending(parts.db, claimed, delivery.dueAt))) return null
  const sent = await handOver(parts, told)
  const interruption = 'Sent again under the same id after an interruption.'
  const notes = [told.made.leftOut, wasInterrupted ? interruption : null]
  return outcomeOf(sent, { attempts: delivery.attempts + 1, now: parts.now(), notes })
}

async function handOver(parts: SendingParts, told: Told): Promise<Sent> {
  const { schedule, dueAt } = told
  if (schedule.channel === 'email') {
    if (parts.mailer !== null) return parts.mailer.send(mailOf(told))
    const error = 'No mail server is configured: set SMTP_URL and MAIL_FROM.'
    return { kind: 'later', error, after: null }
  }
  return sendWebhook(
    {
      address: schedule.targets[0] ?? '',
      secret: schedule.secret ?? '',
      id: `msg_${deliveryId(schedule, dueAt)}`,
      body: webhookBodyOf(told),
    },
    parts.webhooks,
  )
}

interface Attempted {
  readonly attempts: number
  readonly now: number
  readonly notes: readonly (string | null)[]
}

function outcomeOf(sent: Sent, { attempts, now, notes }: Attempted): Outcome {
  if (sent.kind === 'accepted') {
    const note = [...notes, sent.note].filter((text) => text !== null).join(' ')
    return { state: 'sent', at: now, note: note === '' ? null : note }
  }
  if (sent.kind === 'refused') return sent.gone ? gone : { state: 'failed', error: sent.error }
  if (sent.kind === 'unclear') {
    return { state: 'failed', error: `${sent.error} It may have arrived all the same.` }
  }
  const delay = retryDelay(attempts, sent.after)
  if (delay === null) return { state: 'failed', error: `${sent.error} Given up.` }
  return { state: 'waiting', nextTryAt: now + delay, error: sent.error }
}

function interruptedMail(
  { mailer }: SendingParts,
  schedule: StoredSchedule,
  { dueAt }: OpenDelivery,
): Outcome {
  const own = mailId(schedule, dueAt)
  const id = mailer?.messageId(own) ?? own
  const error = `The server stopped while this was being sent, so it may have arrived: look for Message-ID ${id}. If it has not, send it now.`
  return { state: 'failed', error }
}

/** Milliseconds: the lens is made ready again, or the store comes back. */
const makeAgain = 60_000
/** The report itself cannot be made: nothing that waiting would mend. */
const lasting = new Set(['not_found', 'invalid_request', 'invalid_analysis', 'query_too_expensive'])

function unmade(error: unknown, { dueAt }: OpenDelivery, now: number): Outcome {
  const says = error instanceof RapportError ? error.message : 'The report could not be made.'
  const isLasting = error instanceof RapportError && lasting.has(error.code)
  const isLate = now - dueAt.getTime() > 24 * 3_600_000
  if (isLasting || isLate) return { state: 'failed', error: says }
  return { state: 'waiting', nextTryAt: now + makeAgain, error: says }
}
