/** The events of the load: orders of a shop, about 575 bytes each, made without any library. */

export interface EventPlan {
  /** Names this run, so that no message id repeats. */
  readonly run: string
  /** Number of the first event. */
  readonly first: number
  readonly events: number
  /**
   * `each`: the person with the number of the event. `any`: one of `people`, by a hash of it.
   */
  readonly who: 'each' | 'any'
  readonly people: number
  readonly prefix: string
}

const categories = ['shoes', 'books', 'garden', 'music', 'kitchen', 'toys', 'office', 'sports']

/** Spreads consecutive numbers (the multiplier is that of Knuth's multiplicative hashing). */
const spread = (n: number): number => Math.imul(n + 1, 2_654_435_761) >>> 0

export function eventText(plan: EventPlan, n: number, at: string): string {
  const hash = spread(n)
  const person = plan.prefix + (plan.who === 'each' ? n : hash % plan.people)
  const product = hash % 4_000
  return `{"type":"track","event":"Order Completed","messageId":"${plan.run}-${n}","userId":"${person}",\
"timestamp":"${at}","properties":{"order_id":"${plan.run}-${n}","sku":"sku-${product}",\
"category":"${categories[hash & 7]}","total":${(hash % 30_000) / 100},"quantity":${1 + (hash % 4)},\
"currency":"EUR","coupon":${hash % 3 ? 'null' : '"AUTUMN"'},"gift":${hash % 5 === 0}},\
"context":{"ip":"10.2.${hash & 255}.${(hash >> 8) & 255}","locale":"en-GB",\
"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/146.0 Safari/537.36",\
"page":{"path":"/products/${product}","title":"Product ${product}","url":"https://shop.example/products/${product}"},\
"library":{"name":"rapport-bench","version":"1.0.0"}}}`
}

/** Body number `n` of the plan: so many events, as a batch or as one alone. */
export function bodyText(plan: EventPlan, n: number, size: number | 'single'): string {
  const at = new Date().toISOString()
  if (size === 'single') return eventText(plan, plan.first + n, at)
  const from = plan.first + n * size
  const events = Array.from({ length: size }, (_, i) => eventText(plan, from + i, at))
  return `{"batch":[${events.join(',')}],"sentAt":"${at}"}`
}
