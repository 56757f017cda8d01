/**
 * The company of the demo: Fernhollow, "the back office for nurseries and garden shops: stock that
 * grows, labels that are right, orders that come before the season". Thirty people, two founders who
 * were growers themselves. It exists nowhere; all its domains end in .example (RFC 2606).
 */
export const company = {
  name: 'Fernhollow',
  site: 'https://fernhollow.example',
  app: 'https://app.fernhollow.example',
  currency: 'EUR',
} as const

export type PlanId = 'seed' | 'bloom' | 'grove'

/** Monthly price in euros, and for how many colleagues it is meant. */
export const plans: Readonly<Record<PlanId, { price: number; seats: number }>> = {
  seed: { price: 19, seats: 1 },
  bloom: { price: 79, seats: 4 },
  grove: { price: 249, seats: 20 },
}

export const features = [
  'Stock Count', 'Label Print', 'Watering Rota', 'Pre-order Book', 'Supplier Orders', 'Season Plan',
  'Plant Passport', 'Shelf Scan',
] as const // prettier-ignore

export const onboardingSteps = [
  'Import Plant List', 'Print First Label', 'Invite Colleague', 'Set Up Season',
] as const // prettier-ignore

/** The label shop: what people order again and again. Price in euros. */
export const labels = [
  { sku: 'LBL-WOOD-100', name: 'Larch labels, 100', price: 24.5 },
  { sku: 'LBL-UV-500', name: 'UV-proof loop labels, 500', price: 61 },
  { sku: 'LBL-ROLL-4', name: 'Bench roll, four pieces', price: 39.9 },
  { sku: 'LBL-SLATE-20', name: 'Slate signs, 20', price: 88 },
] as const

export const promises = {
  broken: 'Supplier orders will sync by themselves before the season opens',
  kept: [
    'A named person will call you in your first week',
    'Your plant list will be imported by us within two days',
    'Label rolls ship the same day',
    'No price change in your first year',
  ],
} as const

const day = 86_400_000

/** The time line of a demo: when it begins, ends, and when the promise was broken. */
export interface Calendar {
  readonly start: number
  readonly now: number
  /** The middle of month 13 of 18 (or the same share of another length). */
  readonly incidentAt: number
}

export function calendarOf(now: number, months: number): Calendar {
  const length = months * 30.4375 * day
  const start = now - length
  return { start, now, incidentAt: start + length * (12.5 / 18) }
}

/** How busy the trade is, 1 on average: a spring peak in April, a smaller one in September. */
export function season(at: number): number {
  const date = new Date(at)
  const month = date.getUTCMonth() + date.getUTCDate() / 31
  const peak = (centre: number, width: number): number => {
    const away = Math.min(Math.abs(month - centre), 12 - Math.abs(month - centre))
    return Math.exp(-((away / width) ** 2))
  }
  return 0.75 + 0.7 * peak(3.6, 1.4) + 0.35 * peak(8.7, 1)
}
