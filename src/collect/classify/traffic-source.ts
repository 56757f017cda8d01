/**
 * Where a visit came from, by the rules of the default channel group of Google Analytics 4
 * (support.google.com/analytics/answer/9756891, "channels for manual traffic"): first match wins,
 * case does not count. Click identifiers and the referrer stand in where a visit has no campaign.
 */
import { getDomain, getDomainWithoutSuffix } from 'tldts'
import type { Channel } from '../../domain/touchpoint-kind.ts'
import { androidApps, brands, hosts, sourceNames, type SiteGroup } from '../known/sites.ts'
import { memoise } from './memoise.ts'

/** What a campaign link said of itself; empty where it said nothing. All in lower case. */
export interface Campaign {
  readonly source: string
  readonly medium: string
  readonly name: string
}

const groupByBrand: ReadonlyMap<string, SiteGroup> = new Map(
  Object.entries(brands).flatMap(([group, names]) =>
    names.map((name) => [name, group as SiteGroup] as const),
  ),
)

const isWebmail = /^(?:[a-z0-9-]*mail[a-z0-9-]*|messagerie\w*|owa|roundcube)\.[^.]+\./

/** What a host is, by its name, its parent names, and its brand; null where it is not known. */
export const groupOfHost = memoise<SiteGroup | null>((host) => {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const group = hosts.get(name)
    if (group) return group
  }
  // A host named for mail under somebody's domain: webmail.acme.com, mail01.orange.fr.
  if (isWebmail.test(host)) return 'email'
  return groupByBrand.get(getDomainWithoutSuffix(host) ?? '') ?? null
}, 2_000)

/** What a `utm_source` is: a name such as `google` or `fb`, or a host. */
const groupOfSource = memoise<SiteGroup | null>((source) => {
  if (source.includes('.')) return groupOfHost(source)
  return sourceNames.get(source) ?? groupByBrand.get(source) ?? null
}, 2_000)

const isPaid = (medium: string): boolean =>
  medium.includes('cp') || medium === 'ppc' || medium === 'retargeting' || medium.startsWith('paid')

/** The campaign is named after a shop: `spring-shop`, `shopping`; not `workshop` or `bishop`. */
const isShoppingCampaign = (name: string): boolean =>
  name.includes('shopping') || /(?:[^a-df-z]|^)shop/.test(name)

const oneOf = (...values: string[]): ((value: string) => boolean) => {
  const set = new Set(values)
  return (value) => set.has(value)
}
const isDisplay = oneOf('display', 'banner', 'expandable', 'interstitial', 'cpm')
const isSocialMedium = oneOf(
  'social',
  'social-network',
  'social-media',
  'sm',
  'social network',
  'social media',
)
const isEmail = oneOf('email', 'e-mail', 'e_mail', 'e mail')
const isReferral = oneOf('referral', 'app', 'link')
const isNone = oneOf('(not set)', '(none)', '')

type Rule = readonly [
  channel: Channel,
  holds: (campaign: Campaign, group: SiteGroup | null) => boolean,
]

/** In the order of the page; exported so that each rule is tested by name. */
export const channelRules: readonly Rule[] = [
  [
    'direct',
    ({ source, medium }) => (source === '(direct)' || source === 'direct') && isNone(medium),
  ],
  ['cross_network', ({ name }) => name.includes('cross-network')],
  [
    'paid_shopping',
    ({ medium, name }, group) =>
      isPaid(medium) && (group === 'shopping' || isShoppingCampaign(name)),
  ],
  ['paid_search', ({ medium }, group) => isPaid(medium) && group === 'search'],
  ['paid_social', ({ medium }, group) => isPaid(medium) && group === 'social'],
  ['paid_video', ({ medium }, group) => isPaid(medium) && group === 'video'],
  ['display', ({ medium }) => isDisplay(medium)],
  ['paid_other', ({ medium }) => isPaid(medium)],
  ['organic_shopping', ({ name }, group) => group === 'shopping' || isShoppingCampaign(name)],
  ['organic_social', ({ medium }, group) => group === 'social' || isSocialMedium(medium)],
  ['organic_video', ({ medium }, group) => group === 'video' || medium.includes('video')],
  ['organic_search', ({ medium }, group) => group === 'search' || medium === 'organic'],
  ['referral', ({ medium }) => isReferral(medium)],
  ['email', ({ source, medium }) => isEmail(source) || isEmail(medium)],
  ['affiliates', ({ medium }) => medium === 'affiliate' || medium === 'affiliates'],
  ['audio', ({ medium }) => medium === 'audio'],
  ['sms', ({ source, medium }) => source === 'sms' || medium === 'sms'],
  [
    'push',
    ({ source, medium }) =>
      medium.endsWith('push') ||
      medium.includes('mobile') ||
      medium.includes('notification') ||
      source === 'firebase',
  ],
]

/** A campaign without a matching rule is unassigned, as in Google Analytics. */
export function channelOfCampaign(campaign: Campaign): Channel {
  const group = groupOfSource(campaign.source)
  return channelRules.find(([, holds]) => holds(campaign, group))?.[0] ?? 'unassigned'
}

/** Parameters that advertisers and mailers append to links. `fbclid` also marks unpaid links. */
const clickIds: ReadonlyMap<string, Channel> = new Map([
  ['gclid', 'paid_search'],
  ['gbraid', 'paid_search'],
  ['wbraid', 'paid_search'],
  ['msclkid', 'paid_search'],
  ['yclid', 'paid_search'],
  ['dclid', 'display'],
  ['ttclid', 'paid_social'],
  ['twclid', 'paid_social'],
  ['li_fat_id', 'paid_social'],
  ['sccid', 'paid_social'],
  ['rdt_cid', 'paid_social'],
  ['epik', 'paid_social'],
  ['fbclid', 'organic_social'],
  ['igsh', 'organic_social'],
  ['igshid', 'organic_social'],
  ['srsltid', 'organic_shopping'],
  ['irclickid', 'affiliates'],
  ['cjevent', 'affiliates'],
  ['awc', 'affiliates'],
  ['mc_eid', 'email'],
  ['_hsenc', 'email'],
  ['_kx', 'email'],
])

const isMarked =
  /[?&](?:utm_|gclid|gbraid|wbraid|msclkid|yclid|dclid|ttclid|twclid|li_fat_id|sccid|rdt_cid|epik|fbclid|igsh|srsltid|irclickid|cjevent|awc|mc_eid|_hsenc|_kx)/i

/** The channel that a query string (with its `?`) tells of, or null. */
export function channelOfQuery(query: string): Channel | null {
  if (!isMarked.test(query)) return null
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase()
    if (value !== '' && !parameters.has(key)) parameters.set(key, value.toLowerCase())
  }
  const campaign = {
    source: parameters.get('utm_source') ?? '',
    medium: parameters.get('utm_medium') ?? '',
    name: parameters.get('utm_campaign') ?? '',
  }
  if (campaign.source || campaign.medium || campaign.name) return channelOfCampaign(campaign)
  for (const key of parameters.keys()) {
    const channel = clickIds.get(key)
    if (channel) return channel
  }
  return null
}

const channelOfGroup: Readonly<Record<SiteGroup, Channel>> = {
  search: 'organic_search',
  social: 'organic_social',
  video: 'organic_video',
  shopping: 'organic_shopping',
  email: 'email',
  paid: 'display',
  other: 'referral',
}

/** The channel that a referrer tells of; `web` where it is the site itself, `direct` where none. */
export function channelOfReferrer(referrer: string, ownHost: string): Channel {
  const host = hostOf(referrer)
  if (host === null) return 'direct'
  if (host === ownHost || (ownHost !== '' && isSameSite(host, ownHost))) return 'web'
  if (referrer.startsWith('android-app:')) {
    const group = androidApps.find(([prefix]) => host.startsWith(prefix))?.[1]
    return channelOfGroup[group ?? 'other']
  }
  return channelOfGroup[groupOfHost(host) ?? 'other']
}

/** The host of an address in lower case, without a parser's cost; null where there is none. */
export function hostOf(url: string): string | null {
  const host = /^[a-z-]{2,20}:\/\/(?:[^/?#@]*@)?([^/?#:]{1,253})/i.exec(url)?.[1]
  return host === undefined ? null : host.toLowerCase()
}

function isSameSite(one: string, other: string): boolean {
  const domain = getDomain(one)
  return domain !== null && domain === getDomain(other)
}
