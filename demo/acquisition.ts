/** Where people come from: what a channel looks like in the figures, and what it is truly worth. */
import { company } from './company.ts'
import type { JsonObject } from '../src/domain/touchpoint.ts'

export interface Acquisition {
  /** Share of new people. */
  readonly share: number
  /** True quality: the mean latent need (0..1) of those whom it brings. */
  readonly need: number
  /** Visits in the first weeks, 1 as usual: how good it looks. */
  readonly show: number
  /** Chance that a visitor leaves an address in the first visit. */
  readonly signUp: number
  readonly landing: string
  readonly referrer: string
  readonly campaign: JsonObject | null
}

/**
 * The giveaway only looks good: most visits, most addresses, hardly a customer. The growers' guild
 * is small and worth the most. Referral is not drawn: it comes from people (see `advocating.ts`).
 */
export const acquisitions = {
  organic_search: {
    share: 0.22, need: 0.42, show: 1, signUp: 0.1, landing: '/guides/living-stock',
    referrer: 'https://www.google.com/', campaign: null,
  },
  paid_search: {
    share: 0.13, need: 0.38, show: 1, signUp: 0.12, landing: '/nursery-software',
    referrer: 'https://www.google.com/',
    campaign: { source: 'google', medium: 'cpc', name: 'nursery-software' },
  },
  giveaway: {
    share: 0.21, need: 0.06, show: 2.2, signUp: 0.62, landing: '/monstera-giveaway',
    referrer: 'https://www.instagram.com/',
    campaign: { source: 'instagram', medium: 'paid_social', name: 'monstera-giveaway' },
  },
  organic_social: {
    share: 0.09, need: 0.2, show: 1.2, signUp: 0.12, landing: '/plant-of-the-week',
    referrer: 'https://www.instagram.com/', campaign: null,
  },
  video: {
    share: 0.06, need: 0.3, show: 1.1, signUp: 0.1, landing: '/guides/living-stock',
    referrer: 'https://www.youtube.com/', campaign: null,
  },
  guild: {
    share: 0.07, need: 0.68, show: 0.9, signUp: 0.3, landing: '/guild',
    referrer: 'https://growers-guild.example/',
    campaign: { source: 'growers-guild', medium: 'affiliate', name: 'member-letter' },
  },
  trade_fair: {
    share: 0.06, need: 0.58, show: 0.9, signUp: 1, landing: '/hello-from-the-fair',
    referrer: '', campaign: { source: 'trade-fair', medium: 'qr', name: 'greenexpo' },
  },
  review_site: {
    share: 0.03, need: 0.6, show: 1, signUp: 0.25, landing: '/compare',
    referrer: 'https://www.capterra.com/', campaign: null,
  },
  direct: {
    share: 0.09, need: 0.35, show: 0.9, signUp: 0.12, landing: '/', referrer: '', campaign: null,
  },
  display: {
    share: 0.04, need: 0.08, show: 0.3, signUp: 0.01, landing: '/nursery-software',
    referrer: 'https://news.example/',
    campaign: { source: 'adnet', medium: 'display', name: 'spring-banner' },
  },
  referral: {
    share: 0, need: 0.62, show: 1, signUp: 0.45, landing: '/welcome-friend', referrer: '',
    campaign: { source: 'friend', medium: 'referral', name: 'bring-a-grower' },
  },
} as const satisfies Record<string, Acquisition> // prettier-ignore

export type AcquisitionId = keyof typeof acquisitions
export const acquisitionIds = Object.keys(acquisitions) as AcquisitionId[]

export const acquisitionShares = Object.fromEntries(
  acquisitionIds.map((id) => [id, acquisitions[id].share]),
) as Record<AcquisitionId, number>

/** Page and campaign of a first visit, as the browser snippet sends them. */
export function landingContext(id: AcquisitionId, code: string | null): JsonObject {
  const { landing, referrer, campaign }: Acquisition = acquisitions[id]
  const search = campaign
    ? `?utm_source=${String(campaign['source'])}&utm_medium=${String(campaign['medium'])}` +
      `&utm_campaign=${String(campaign['name'])}${code ? `&ref=${code}` : ''}`
    : ''
  return {
    page: { path: landing, url: `${company.site}${landing}${search}`, referrer, search },
    ...(campaign ? { campaign } : {}),
  }
}
