/** What a page tells about the visit: where it is, and what brought the person here. */

/** The first thing we know of somebody: what brought them, and where they arrived. */
export interface FirstTouch {
  readonly at: string
  readonly source: string
  readonly medium: string
  readonly campaign?: string | undefined
  readonly landingPage: string
  readonly referrer: string
}

export interface PageInfo {
  readonly url: string
  readonly path: string
  readonly search: string
  readonly title: string
  readonly referrer: string
}

type Texts = Record<string, string>

interface Origin {
  readonly campaign: Texts | undefined
  readonly referrer: Texts | undefined
}

/** Parameters by which advertisers recognise a click. */
const clickIds =
  /^(gclid|gbraid|wbraid|dclid|msclkid|yclid|fbclid|ttclid|twclid|li_fat_id|rdt_cid|sccid|epik|irclickid|cjevent|awc|mc_eid)$/

/** Without what stands behind `#`, which may be a secret, but for the routes of an app (`#/orders`). */
export const address = (): string => location.href.split(/#(?!\/)/)[0] ?? ''

export function pageInfo(referrer: string): PageInfo {
  const { pathname: path, search } = location
  return { url: address(), path, search, title: document.title, referrer }
}

const isEmpty = (texts: Texts): boolean => !Object.keys(texts)[0]

/** `campaign` and `referrer` of the context, in Segment's words. */
export function origin(referrer: string): Origin {
  const campaign: Texts = {}
  const from: Texts = referrer ? { url: referrer } : {}
  new URLSearchParams(location.search).forEach((value, key) => {
    if (key.startsWith('utm_')) campaign[key === 'utm_campaign' ? 'name' : key.slice(4)] = value
    if (clickIds.test(key)) Object.assign(from, { type: key, id: value })
  })
  return {
    campaign: isEmpty(campaign) ? undefined : campaign,
    referrer: isEmpty(from) ? undefined : from,
  }
}

export function firstTouch(): FirstTouch {
  const { referrer } = document
  const { campaign = {}, referrer: from = {} } = origin(referrer)
  // A page of the same site that had no snippet brought nobody.
  const host = referrer.split('/')[2]
  const site = host === location.host ? undefined : host
  return {
    at: new Date().toISOString(),
    source: campaign['source'] ?? site ?? from['type'] ?? 'direct',
    medium: campaign['medium'] ?? (from['type'] ? 'click' : site ? 'referral' : 'none'),
    campaign: campaign['name'],
    // It may have to fit into a cookie, which has 4 KB.
    landingPage: address().slice(0, 500),
    referrer: referrer.slice(0, 500),
  }
}
