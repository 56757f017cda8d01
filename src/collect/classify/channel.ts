import { channels, type Channel, type TouchpointKind } from '../../domain/touchpoint-kind.ts'
import type { EventType, Json, JsonObject } from '../../domain/touchpoint.ts'
import { isObject } from './event-identity.ts'
import { memoise } from './memoise.ts'
import { channelOfCampaign, channelOfQuery, channelOfReferrer, hostOf } from './traffic-source.ts'

export interface ChannelFacts {
  readonly type: EventType
  readonly kind: TouchpointKind
  readonly event: string
  readonly properties: JsonObject
  readonly context: JsonObject
  /** `channel` of the event itself: `browser`, `server`, `mobile` or one of our names. */
  readonly hint: unknown
}

const isChannel: ReadonlySet<string> = new Set(channels)

/** Kinds that happen on one channel, whatever page they were reported from. */
const channelOfKind: Readonly<Partial<Record<TouchpointKind, Channel>>> = {
  email_sent: 'email',
  email_delivered: 'email',
  email_opened: 'email',
  email_clicked: 'email',
  email_bounced: 'email',
  email_marked_spam: 'email',
  store_visited: 'store',
  event_attended: 'event',
  webinar_attended: 'event',
  talk_given: 'event',
  survey_answer: 'survey',
  ticket_opened: 'support',
  ticket_resolved: 'support',
  complaint: 'support',
  recovery: 'support',
  chat_started: 'chat',
  chat_message: 'chat',
  chat_ended: 'chat',
  call: 'phone',
  meeting: 'sales',
  opportunity_opened: 'sales',
  opportunity_lost: 'sales',
  followed: 'organic_social',
  social_engaged: 'organic_social',
  social_mention: 'organic_social',
  media_mention: 'referral',
  community_question: 'community',
  community_answer: 'community',
  community_solution: 'community',
}

/** Kinds that have a channel of their own only where no page tells a better one. */
const channelWithoutPage: Readonly<Partial<Record<TouchpointKind, Channel>>> = {
  ad_seen: 'display',
  ad_clicked: 'paid_other',
  subscribed: 'email',
  unsubscribed: 'email',
  replied: 'email',
  event_registered: 'event',
  demo_requested: 'sales',
  quote_requested: 'sales',
  review: 'review_site',
  rating: 'review_site',
  testimonial: 'review_site',
  referral: 'referral',
  referral_converted: 'referral',
  app_installed: 'app',
  app_opened: 'app',
}

/**
 * Where a touchpoint happened: what the event says itself (`properties.channel`), else what its kind
 * implies, else where the visit came from, else the program that sent it.
 */
export function channelOf(facts: ChannelFacts): Channel {
  const { kind, context, properties } = facts
  const said = named(properties['channel'])
  if (said) return said
  const ofKind = channelOfKind[kind] ?? channelOfMessage(kind, facts.event)
  if (ofKind) return ofKind
  return (
    channelOfVisit(facts) ??
    (facts.type === 'screen' ? 'app' : channelWithoutPage[kind]) ??
    named(facts.hint) ??
    named(context['channel']) ??
    channelOfProgram(facts)
  )
}

/** `browser` and `mobile` are Segment's and RudderStack's words for `web` and `app`. */
function named(value: unknown): Channel | null {
  if (typeof value !== 'string' || value.length > 20) return null
  const name = value.toLowerCase().replaceAll(/[\s-]/g, '_')
  if (name === 'browser') return 'web'
  if (name === 'mobile') return 'app'
  return isChannel.has(name) ? (name as Channel) : null
}

function channelOfMessage(kind: TouchpointKind, event: string): Channel | null {
  if (kind !== 'message_sent' && kind !== 'message_opened' && kind !== 'message_clicked')
    return null
  if (/push/i.test(event)) return 'push'
  return /sms|text message/i.test(event) ? 'sms' : null
}

function channelOfVisit({ type, properties, context }: ChannelFacts): Channel | null {
  const { campaign, page } = context
  const place = isObject(page) ? page : type === 'page' ? properties : null
  if (isObject(campaign)) {
    const { source, medium, name } = campaign
    if (source || medium || name) {
      return channelOfUtm([source, medium, name].map((part) => text(part).slice(0, 200)).join('\n'))
    }
  }
  if (place === null) return null
  const url = text(place['url'])
  const search = text(place['search']) || queryOf(url)
  const marked = search === '' ? null : channelOfQuery(search.slice(0, 2_000))
  return marked ?? channelOfPlace(`${hostOf(url) ?? ''}\n${text(place['referrer']).slice(0, 500)}`)
}

const channelOfUtm = memoise((key) => {
  const [source = '', medium = '', name = ''] = key.toLowerCase().split('\n')
  return channelOfCampaign({ source, medium, name })
}, 2_000)

const channelOfPlace = memoise((key) => {
  const end = key.indexOf('\n')
  return channelOfReferrer(key.slice(end + 1), key.slice(0, end))
}, 5_000)

/** Libraries that run in apps; everything else without a page runs on a server. */
const appLibrary = /ios|android|swift|kotlin|react-native|flutter|unity|xamarin|cordova/i
const webLibrary = /analytics\.js|analytics-next|javascript|@jitsu\/js|rapport-browser/i

function channelOfProgram({ context }: ChannelFacts): Channel {
  const { library, device, app } = context
  const name = isObject(library) ? text(library['name']).slice(0, 100) : ''
  if (appLibrary.test(name) || isObject(device) || isObject(app)) return 'app'
  if (webLibrary.test(name)) return 'web'
  return name === '' ? 'unassigned' : 'server'
}

function queryOf(url: string): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start)
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
