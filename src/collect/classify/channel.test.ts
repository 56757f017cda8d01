import { describe, expect, test } from 'vitest'
import { channels, touchpointKinds, type Channel } from '../../domain/touchpoint-kind.ts'
import type { JsonObject } from '../../domain/touchpoint.ts'
import { channelOf, type ChannelFacts } from './channel.ts'
import { brands, hosts } from '../known/sites.ts'
import {
  channelOfCampaign,
  channelOfQuery,
  channelOfReferrer,
  channelRules,
} from './traffic-source.ts'

describe('rules of the GA4 default channel group, each by name', () => {
  // https://support.google.com/analytics/answer/9756891, channels for manual traffic.
  const table: [Channel, source: string, medium: string, name?: string][] = [
    ['direct', '(direct)', '(none)'],
    ['direct', '(direct)', '(not set)'],
    ['cross_network', 'google', 'cpc', 'Cross-Network 2026'],
    ['paid_shopping', 'amazon', 'cpc'],
    ['paid_shopping', 'newsletter', 'paid', 'spring-shop'],
    ['paid_shopping', 'google', 'ppc', 'Shopping'],
    ['paid_search', 'google', 'cpc'],
    ['paid_search', 'bing', 'PPC'],
    ['paid_search', 'duckduckgo', 'paid-search'],
    ['paid_search', 'google', 'retargeting'],
    ['paid_search', 'google', 'cpm'],
    ['paid_search', 'adwords', 'cpc', 'workshop'],
    ['paid_social', 'facebook', 'cpc'],
    ['paid_social', 'fb', 'paidsocial'],
    ['paid_social', 'l.instagram.com', 'cpa'],
    ['paid_social', 'LinkedIn', 'CPC'],
    ['paid_video', 'youtube', 'cpv'],
    ['paid_video', 'vimeo.com', 'paid'],
    ['display', 'partner', 'display'],
    ['display', 'partner', 'banner'],
    ['display', 'partner', 'expandable'],
    ['display', 'partner', 'interstitial'],
    ['display', 'partner', 'cpm'],
    ['paid_other', 'partner', 'cpc'],
    ['paid_other', 'partner', 'paid'],
    ['organic_shopping', 'etsy', 'listing'],
    ['organic_shopping', 'partner', 'anything', 'autumn shop'],
    ['organic_social', 'facebook', 'post'],
    ['organic_social', 't.co', ''],
    ['organic_social', 'buffer', 'social'],
    ['organic_social', 'buffer', 'social-network'],
    ['organic_social', 'buffer', 'social-media'],
    ['organic_social', 'buffer', 'sm'],
    ['organic_social', 'buffer', 'social network'],
    ['organic_social', 'buffer', 'Social Media'],
    ['organic_video', 'youtube', 'description'],
    ['organic_video', 'partner', 'in-video'],
    ['organic_search', 'google', ''],
    ['organic_search', 'anything', 'organic'],
    ['referral', 'partner', 'referral'],
    ['referral', 'partner', 'app'],
    ['referral', 'partner', 'link'],
    ['email', 'newsletter', 'email'],
    ['email', 'newsletter', 'e-mail'],
    ['email', 'newsletter', 'E_Mail'],
    ['email', 'newsletter', 'e mail'],
    ['email', 'email', 'spring'],
    ['affiliates', 'partner', 'affiliate'],
    ['affiliates', 'partner', 'affiliates'],
    ['audio', 'podcast', 'audio'],
    ['sms', 'sms', 'campaign'],
    ['sms', 'twilio', 'SMS'],
    ['push', 'onesignal', 'web-push'],
    ['push', 'onesignal', 'mobile'],
    ['push', 'onesignal', 'notification'],
    ['push', 'firebase', 'campaign'],
    ['unassigned', 'partner', 'brochure'],
    ['unassigned', 'partner', '', 'workshop'],
    ['unassigned', '', '', 'bishop'],
  ]
  test.each(table)('%s: %s / %s %s', (channel, source, medium, name = '') => {
    const campaign = { source: source.toLowerCase(), medium: medium.toLowerCase() }
    expect(channelOfCampaign({ ...campaign, name: name.toLowerCase() })).toBe(channel)
  })

  test('each of the 18 rules is met by the table', () => {
    expect(channelRules).toHaveLength(18)
    const met = new Set(table.map(([channel]) => channel))
    expect(channelRules.filter(([channel]) => !met.has(channel))).toEqual([])
  })
})

test.each<[string, Channel | null]>([
  ['?utm_source=google&utm_medium=cpc', 'paid_search'],
  ['?UTM_Source=Google&UTM_Medium=CPC', 'paid_search'],
  ['?a=1&utm_medium=email&gclid=x', 'email'],
  ['?gclid=abc', 'paid_search'],
  ['?x=1&gbraid=abc', 'paid_search'],
  ['?wbraid=abc', 'paid_search'],
  ['?msclkid=abc', 'paid_search'],
  ['?dclid=abc', 'display'],
  ['?ttclid=abc', 'paid_social'],
  ['?li_fat_id=abc', 'paid_social'],
  ['?twclid=abc', 'paid_social'],
  ['?ScCid=abc', 'paid_social'],
  ['?fbclid=abc', 'organic_social'],
  ['?irclickid=abc', 'affiliates'],
  ['?mc_eid=abc', 'email'],
  ['?gclid=', null],
  ['?page=2', null],
  ['', null],
  ['?utm_source=%E0%A4%A', 'unassigned'],
])('query %s', (query, channel) => expect(channelOfQuery(query)).toBe(channel))

test.each<[string, Channel]>([
  ['https://www.google.com/', 'organic_search'],
  ['https://www.google.co.uk/search?q=x', 'organic_search'],
  ['https://duckduckgo.com/', 'organic_search'],
  ['https://search.brave.com/', 'organic_search'],
  ['https://yandex.ru/search', 'organic_search'],
  ['android-app://com.google.android.googlequicksearchbox/', 'organic_search'],
  ['https://t.co/abc', 'organic_social'],
  ['https://l.facebook.com/', 'organic_social'],
  ['https://www.linkedin.com/feed', 'organic_social'],
  ['https://someone.tumblr.com/', 'organic_social'],
  ['https://go.bsky.app/redirect', 'organic_social'],
  ['https://news.ycombinator.com/', 'organic_social'],
  ['https://www.youtube.com/watch?v=x', 'organic_video'],
  ['https://youtu.be/x', 'organic_video'],
  ['https://www.amazon.de/dp/x', 'organic_shopping'],
  ['https://shopping.google.com/', 'organic_shopping'],
  ['https://mail.google.com/mail/u/0', 'email'],
  ['https://outlook.live.com/', 'email'],
  ['https://webmail.other.example/', 'email'],
  ['android-app://com.google.android.gm/', 'email'],
  ['https://tpc.googlesyndication.com/', 'display'],
  ['https://blog.example.net/post', 'referral'],
  ['https://accounts.google.com/', 'referral'],
  ['https://chatgpt.com/', 'referral'],
  ['http://192.168.0.1/', 'referral'],
  ['https://www.acme.example/pricing', 'web'],
  ['https://shop.acme.example/', 'web'],
  ['https://user:secret@shop.acme.example:8443/', 'web'],
  ['', 'direct'],
  ['$direct', 'direct'],
  ['not a url', 'direct'],
])('referrer %s', (referrer, channel) => {
  expect(channelOfReferrer(referrer, 'www.acme.example')).toBe(channel)
})

test('no site is in two groups', () => {
  const names = Object.values(brands).flat()
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(hosts.size).toBeGreaterThan(60)
})

describe('the channel of a touchpoint', () => {
  const facts = (changes: Partial<ChannelFacts>): ChannelFacts => ({
    ...{ type: 'track', kind: 'custom', event: 'x', properties: {}, context: {}, hint: undefined },
    ...changes,
  })
  const page = (more: JsonObject = {}): JsonObject => ({
    page: { url: 'https://www.acme.example/x', ...more },
  })

  test.each<[string, Partial<ChannelFacts>, Channel]>([
    ['a page without referrer', { context: page() }, 'direct'],
    [
      'a page call with its own url',
      { type: 'page', kind: 'page_viewed', properties: { url: 'https://a.example/?gclid=1' } },
      'paid_search',
    ],
    [
      'the query of the url',
      { context: page({ url: 'https://a.example/?utm_medium=email' }) },
      'email',
    ],
    ['the search of the page', { context: page({ search: '?utm_medium=sms' }) }, 'sms'],
    [
      'a campaign in the context',
      { context: { campaign: { source: 'google', medium: 'cpc' } } },
      'paid_search',
    ],
    [
      'an empty campaign',
      { context: { ...page({ referrer: 'https://t.co/1' }), campaign: {} } },
      'organic_social',
    ],
    [
      'a campaign of odd values',
      { context: { campaign: { source: 7, medium: ['x'] } } },
      'unassigned',
    ],
    ['inside the site', { context: page({ referrer: 'https://acme.example/' }) }, 'web'],
    ['what the event says', { properties: { channel: 'Partner' }, context: page() }, 'partner'],
    [
      'what it says, if we know it',
      { properties: { channel: 'carrier pigeon' }, context: page() },
      'direct',
    ],
    ['a ticket, also from a page', { kind: 'ticket_opened', context: page() }, 'support'],
    ['a chat', { kind: 'chat_message' }, 'chat'],
    ['a call', { kind: 'call' }, 'phone'],
    ['an answer in the community', { kind: 'community_answer' }, 'community'],
    ['a visit to the store', { kind: 'store_visited' }, 'store'],
    ['a survey', { kind: 'survey_answer' }, 'survey'],
    ['an opened e-mail', { kind: 'email_opened' }, 'email'],
    ['a meeting', { kind: 'meeting' }, 'sales'],
    ['a webinar', { kind: 'webinar_attended' }, 'event'],
    ['a review from elsewhere', { kind: 'review' }, 'review_site'],
    ['a review on our page', { kind: 'review', context: page() }, 'direct'],
    ['a push message', { kind: 'message_clicked', event: 'Push Notification Tapped' }, 'push'],
    ['a text message', { kind: 'message_sent', event: 'SMS Sent' }, 'sms'],
    ['a screen', { type: 'screen', kind: 'screen_viewed' }, 'app'],
    ['an app library', { context: { library: { name: 'analytics-react-native' } } }, 'app'],
    ['a device', { context: { device: { type: 'ios' } } }, 'app'],
    ['a web library', { context: { library: { name: 'analytics.js' } } }, 'web'],
    ['a server library', { context: { library: { name: '@segment/analytics-node' } } }, 'server'],
    ['the hint of the event', { hint: 'server' }, 'server'],
    ['the hint of RudderStack', { context: { channel: 'mobile' } }, 'app'],
    ['the hint of an import', { hint: 'import' }, 'import'],
    ['nothing known', {}, 'unassigned'],
  ])('%s', (_name, changes, channel) => expect(channelOf(facts(changes))).toBe(channel))

  test('every kind has a channel of the list, with and without a page', () => {
    for (const kind of touchpointKinds) {
      for (const context of [{}, page()]) {
        expect(channels).toContain(channelOf(facts({ kind, context })))
      }
    }
  })

  test('odd contexts do not throw', () => {
    for (const odd of [null, 7, 'x', [], [1], {}, true] as const) {
      const context: JsonObject = {
        page: odd,
        campaign: odd,
        library: odd,
        device: odd,
        channel: odd,
      }
      expect(channels).toContain(channelOf(facts({ context, properties: { channel: odd } })))
      const inner: JsonObject = { page: { url: odd, referrer: odd, search: odd } }
      expect(channels).toContain(channelOf(facts({ context: inner })))
    }
  })
})
