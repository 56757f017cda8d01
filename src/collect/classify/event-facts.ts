/** Money, score and words: what a touchpoint carries beside its name, read from its properties. */
import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'
import type { Json, JsonObject } from '../../domain/touchpoint.ts'
import { cutText } from '../clean.ts'
import { minorDigits } from '../../domain/currency.ts'

export interface Money {
  readonly amountMinor: number | null
  readonly currency: string | null
}

const noMoney: Money = { amountMinor: null, currency: null }

/** Kinds that are about money, so that even a bare `value` or `price` is an amount. */
const moneyKinds: ReadonlySet<TouchpointKind> = new Set<TouchpointKind>([
  'product_viewed',
  'wishlist_added',
  'wishlist_removed',
  'cart_added',
  'cart_removed',
  'cart_viewed',
  'checkout_started',
  'checkout_step',
  'payment_info_entered',
  'quote_requested',
  'opportunity_opened',
  'opportunity_lost',
  'purchase',
  'order_updated',
  'order_refunded',
  'order_cancelled',
  'subscription_started',
  'subscription_renewed',
  'subscription_cancelled',
  'referral_converted',
])

/** Kinds that hold a judgement of the customer. Elsewhere a `rating` may be everybody's average. */
const scoreKinds: ReadonlySet<TouchpointKind> = new Set<TouchpointKind>([
  'review',
  'rating',
  'survey_answer',
  'testimonial',
  'ticket_resolved',
  'chat_ended',
  'call',
  'complaint',
  'course_completed',
  'event_attended',
  'webinar_attended',
])

/** Kinds whose text is the customer's own words. */
const textKinds: ReadonlySet<TouchpointKind> = new Set<TouchpointKind>([
  'review',
  'rating',
  'survey_answer',
  'testimonial',
  'ticket_opened',
  'chat_message',
  'call',
  'complaint',
  'social_mention',
  'social_engaged',
  'media_mention',
  'story',
  'community_question',
  'community_answer',
  'idea_submitted',
  'need_expressed',
  'replied',
  'reference',
  'thanked',
  'order_cancelled',
  'order_refunded',
  'subscription_cancelled',
])

/** Characters of text that are kept for sentiment. */
const textLimit = 4_000
const productsLimit = 500

/**
 * `total`, else `revenue`, else `value`, else price times quantity, else the sum of the products, in
 * minor units of the currency.
 */
export function moneyOf(kind: TouchpointKind, properties: JsonObject): Money {
  const isMoney = moneyKinds.has(kind)
  if (!isMoney && scoreKinds.has(kind)) return noMoney
  const { total, revenue, value } = properties
  const code = properties['currency']
  const currency =
    typeof code === 'string' && /^[A-Za-z]{3}$/.test(code) ? code.toUpperCase() : null
  const amount =
    readNumber(total) ??
    readNumber(revenue) ??
    (isMoney || currency !== null ? readNumber(value) : null) ??
    (isMoney ? (lineAmount(properties) ?? productsAmount(properties['products'])) : null)
  if (amount === null) return noMoney
  const amountMinor = toMinor(amount, minorDigits(currency))
  return Number.isSafeInteger(amountMinor) ? { amountMinor, currency } : noMoney
}

/** Half a cent goes away from zero. 15 digits take back what binary fractions add: 1.005 is 101. */
function toMinor(amount: number, digits: number): number {
  const size = Math.round(Number((Math.abs(amount) * 10 ** digits).toPrecision(15)))
  return amount < 0 && size > 0 ? -size : size
}

function lineAmount(line: JsonObject): number | null {
  const price = readNumber(line['price'])
  return price === null ? null : price * (readNumber(line['quantity']) ?? 1)
}

function productsAmount(products: Json | undefined): number | null {
  if (!Array.isArray(products) || products.length === 0) return null
  let sum: number | null = null
  for (const product of products.slice(0, productsLimit)) {
    if (typeof product !== 'object' || product === null || Array.isArray(product)) continue
    const amount = lineAmount(product)
    if (amount !== null) sum = (sum ?? 0) + amount
  }
  return sum
}

function readNumber(value: Json | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.length > 30) return null
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : null
}

/**
 * A judgement scaled to 0..1. The ends of its scale are those that the event names (`scale: 10`,
 * `scale: '1-7'`, `min`, `max`); else 0..10 for a net promoter score, 1..7 for an effort score, and
 * 1..5 for everything else, widened to 0..10 or 0..100 where the number is beyond.
 */
export function scoreOf(kind: TouchpointKind, properties: JsonObject): number | null {
  if (!scoreKinds.has(kind)) return null
  const nps = readNumber(properties['nps'] ?? properties['nps_score'])
  if (nps !== null) return scale(nps, 0, 10)
  const score = readNumber(
    properties['rating'] ??
      properties['score'] ??
      properties['stars'] ??
      properties['csat'] ??
      properties['ces'] ??
      (kind === 'survey_answer' ? properties['answer'] : undefined),
  )
  if (score === null) return null
  const [lowest, highest] = scaleOf(score, properties)
  return scale(score, lowest, highest)
}

function scaleOf(score: number, properties: JsonObject): readonly [number, number] {
  const named = properties['scale'] ?? properties['max']
  const range = typeof named === 'string' ? /^(\d+)\s*(?:-|–|to|\.\.)\s*(\d+)$/.exec(named) : null
  if (range) return [Number(range[1]), Number(range[2])]
  const highest = readNumber(named)
  const lowest = readNumber(properties['min'])
  // Scales of up to seven steps begin with one, longer ones with zero.
  if (highest !== null) return [lowest ?? (highest > 1 && highest <= 7 ? 1 : 0), highest]
  const survey = String(properties['survey_type'] ?? properties['type'] ?? '').toLowerCase()
  if (survey === 'nps') return [0, 10]
  if (survey === 'ces' || properties['ces'] !== undefined) return [1, 7]
  if (score <= 5) return [lowest ?? 1, 5]
  return [lowest ?? 0, score <= 10 ? 10 : 100]
}

/** Null where the score is off its scale; 0 stars of 5 is the worst there is. */
function scale(score: number, lowest: number, highest: number): number | null {
  if (highest <= lowest || score < Math.min(lowest, 0) || score > highest) return null
  // Four digits are more than any scale has.
  return Math.round(Math.max(0, (score - lowest) / (highest - lowest)) * 10_000) / 10_000
}

const textFields = [
  'review_body',
  'review',
  'comment',
  'feedback',
  'message_body',
  'body',
  'message',
  'text',
  'description',
  'content',
  'answer',
  'reason',
] as const

/** What the customer said in their own words, or null. */
export function textOf(kind: TouchpointKind, key: string, properties: JsonObject): string | null {
  // In the live chat specification "received" is what the customer gets from the agent.
  if (!textKinds.has(kind) || key === 'livechatmessagereceived') return null
  for (const field of textFields) {
    const value = properties[field]
    if (typeof value === 'string' && value.trim() !== '') return cutText(value.trim(), textLimit)
  }
  return null
}
