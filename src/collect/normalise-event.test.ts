import { describe, expect, test } from 'vitest'
import { subjectIdOf, touchpointIdOf } from '../domain/identifier.ts'
import type { JsonObject } from '../domain/touchpoint.ts'
import { refused, taken, testNow } from './testing.ts'

const track = (more: JsonObject = {}): JsonObject => ({
  ...{ type: 'track', messageId: 'm-1', userId: 'u-1', event: 'Order Completed' },
  ...more,
})

test('a track call, complete', () => {
  const event = track({
    anonymousId: 'a-1',
    properties: { total: 12.5, currency: 'eur', order_id: 'o-1' },
    context: { page: { url: 'https://a.example/?utm_medium=email' }, groupId: 'acme' },
    timestamp: '2026-11-23T10:00:00.000Z',
    sentAt: '2026-11-23T11:00:00.000Z',
  })
  expect(taken(event)).toEqual({
    id: touchpointIdOf('web', 'm-1'),
    subjectId: subjectIdOf({ namespace: 'user_id', value: 'u-1' }),
    occurredAt: testNow - 3_600_000,
    receivedAt: testNow,
    ...{ sourceId: 'web', type: 'track', kind: 'purchase', event: 'Order Completed' },
    ...{ channel: 'email', bot: false, amountMinor: 1250, currency: 'EUR' },
    ...{ score: null, sentiment: null, text: null, traits: null },
    properties: event['properties'],
    context: event['context'],
    identifiers: [
      { namespace: 'user_id', value: 'u-1' },
      { namespace: 'anonymous_id', value: 'a-1' },
    ],
    account: { namespace: 'account', value: 'acme' },
  })
})

test('identify: traits are properties; e-mail and phone identify', () => {
  const traits = { email: 'Jane@Example.com', phone: '030 901820', address: { country: 'DE' } }
  const touchpoint = taken({ type: 'identify', userId: 'u-1', anonymousId: 'a-1', traits })
  expect(touchpoint).toMatchObject({ kind: 'identified', event: '', traits, properties: traits })
  expect(touchpoint.identifiers).toEqual([
    { namespace: 'user_id', value: 'u-1' },
    { namespace: 'email', value: 'jane@example.com' },
    { namespace: 'phone', value: '+4930901820' },
    { namespace: 'anonymous_id', value: 'a-1' },
  ])
})

test('identify: a shared mailbox is kept as a trait and identifies nobody', () => {
  const traits = { email: 'info@acme.example' }
  const touchpoint = taken({ type: 'identify', userId: 'u-1', traits })
  expect(touchpoint.traits).toEqual(traits)
  expect(touchpoint.identifiers).toHaveLength(1)
})

test('identify: traits in the context, as RudderStack sends them', () => {
  const context = { traits: { email: 'jane@example.com', plan: 'pro' } }
  const touchpoint = taken({ type: 'identify', userId: 'u-1', context })
  expect(touchpoint.traits).toEqual(context.traits)
  expect(touchpoint.identifiers.map(({ namespace }) => namespace)).toEqual(['user_id', 'email'])
})

test('group: traits are the account’s, and its e-mail is not the person’s', () => {
  const traits = { name: 'Acme', email: 'ceo@acme.example' }
  const touchpoint = taken({ type: 'group', userId: 'u-1', groupId: 'acme', traits })
  expect(touchpoint).toMatchObject({ kind: 'grouped', traits, account: { value: 'acme' } })
  expect(touchpoint.identifiers).toEqual([{ namespace: 'user_id', value: 'u-1' }])
})

describe('alias', () => {
  test('joins the previous id to the user', () => {
    const touchpoint = taken({ type: 'alias', userId: 'u-1', previousId: 'a-1' })
    expect(touchpoint.identifiers).toEqual([
      { namespace: 'user_id', value: 'u-1' },
      { namespace: 'anonymous_id', value: 'a-1' },
    ])
  })
  test('of oneself, as the browser SDK sends it, joins nothing', () => {
    const touchpoint = taken({ type: 'alias', userId: 'u-1', previousId: 'u-1' })
    expect(touchpoint.identifiers).toEqual([{ namespace: 'user_id', value: 'u-1' }])
  })
  test.each([
    [{ userId: 'u-1' }, 'invalid_alias'],
    [{ previousId: 'a-1' }, 'invalid_alias'],
    [{ userId: 'null', previousId: 'a-1' }, 'missing_identity'],
  ])('%j is refused', (ids, code) => expect(refused({ type: 'alias', ...ids }).code).toBe(code))
})

test('page and screen: the name is the event', () => {
  const page = taken({ type: 'page', anonymousId: 'a-1', name: 'Home', properties: { path: '/' } })
  expect(page).toMatchObject({ kind: 'page_viewed', event: 'Home', properties: { path: '/' } })
  const screen = taken({ type: 'screen', anonymousId: 'a-1', properties: { name: 'Start' } })
  expect(screen).toMatchObject({ kind: 'screen_viewed', event: 'Start', channel: 'app' })
})

test('external ids are stronger than e-mail, and only those of users count', () => {
  const externalIds = [
    { id: 'cus_1', type: 'Stripe', collection: 'users', encoding: 'none' },
    { id: 'anon-2', type: 'anonymous_id', collection: 'users', encoding: 'none' },
    { id: 'dev-1', type: 'ios.idfa' },
    { id: 'g-1', type: 'group_id', collection: 'users' },
    { id: 'acc', type: 'netsuite', collection: 'accounts' },
    ...[null, 7, {}, { id: 'x' }, { type: 'x' }, { id: {}, type: 'y' }, { id: 1, type: '' }],
  ]
  const context = { externalIds, traits: { email: 'jane@example.com' } }
  const { identifiers } = taken(track({ userId: null, context }))
  expect(identifiers.map(({ namespace, value }) => `${namespace}=${value}`)).toEqual([
    'stripe_id=cus_1',
    'ios_idfa_id=dev-1',
    'email=jane@example.com',
    'anonymous_id=anon-2',
  ])
})

test.each([
  ['Signed Up', 2],
  ['Newsletter Subscribed', 2],
  ['Referral Made', 1],
  ['Invite Sent', 1],
])('the e-mail property of %s: %i identifiers', (event, count) => {
  const touchpoint = taken(track({ event, properties: { email: 'friend@example.com' } }))
  expect(touchpoint.identifiers).toHaveLength(count)
})

describe('message ids', () => {
  test.each([
    ['opaque', 'node-next-1700000000000-x', touchpointIdOf('web', 'node-next-1700000000000-x')],
    ['a number', 7, touchpointIdOf('web', '7')],
    ['very long', 'x'.repeat(5_000), touchpointIdOf('web', 'x'.repeat(5_000))],
    ['missing', undefined, touchpointIdOf('web', 'made-by-the-server')],
    ['empty', '', touchpointIdOf('web', 'made-by-the-server')],
    ['odd', { a: 1 }, touchpointIdOf('web', 'made-by-the-server')],
  ])('%s', (_name, messageId, id) => {
    expect(taken({ ...track(), messageId }).id).toBe(id)
  })
  test('are the source’s own', () => {
    expect(taken(track(), { sourceId: 'shop' }).id).not.toBe(taken(track()).id)
  })
})

describe('refusals', () => {
  test.each<[string, unknown, string]>([
    ['no object', 'text', 'invalid_event'],
    ['null', null, 'invalid_event'],
    ['a list', [], 'invalid_event'],
    ['no type', { userId: 'u' }, 'unknown_event_type'],
    ['unknown type', { type: 'teleport', userId: 'u' }, 'unknown_event_type'],
    ['no event', track({ event: null }), 'missing_event_name'],
    ['blank event', track({ event: '  ' }), 'missing_event_name'],
    ['nobody', track({ userId: null }), 'missing_identity'],
    ['a blocked id', track({ userId: 'undefined', anonymousId: 'null' }), 'missing_identity'],
    ['ids that are no text', track({ userId: { id: 1 }, anonymousId: ['x'] }), 'missing_identity'],
    ['group without id', { type: 'group', userId: 'u' }, 'invalid_group'],
    ['properties of text', track({ properties: 'x' }), 'invalid_event'],
    ['properties as list', track({ properties: [1] }), 'invalid_event'],
    ['context of text', track({ context: 'x' }), 'invalid_event'],
    ['traits of numbers', { type: 'identify', userId: 'u', traits: 7 }, 'invalid_event'],
    ['the distant future', track({ timestamp: '2999-01-01T00:00:00Z' }), 'invalid_timestamp'],
    ['the distant past', track({ timestamp: '1969-12-31T00:00:00Z' }), 'invalid_timestamp'],
  ])('%s', (_name, event, code) => {
    const reject = refused(event)
    expect(reject.code).toBe(code)
    expect(reject.reason).not.toBe('')
  })

  test('keep what is needed to try again: type, message id, time of sending, context', () => {
    const circumstances = {
      ...{ type: 'track' as const, sentAt: '2026-11-23T11:00:00.000Z', context: { ip: '1.2.3.4' } },
    }
    const event = { userId: 'u-1', context: { locale: 'de' } }
    expect(refused(event, circumstances).event).toEqual({
      ...{ userId: 'u-1', type: 'track', messageId: 'made-by-the-server' },
      sentAt: '2026-11-23T11:00:00.000Z',
      context: { ip: '1.2.3.4', locale: 'de' },
    })
  })
})

test('an empty list where PHP means an empty object', () => {
  const event = track({ properties: [], traits: [], context: [] })
  expect(taken(event)).toMatchObject({ properties: {}, context: {} })
})

describe('circumstances', () => {
  test('context of the batch goes under that of the event', () => {
    const context = { ip: '1.2.3.4', locale: 'en' }
    const touchpoint = taken(track({ context: { locale: 'de' } }), { context })
    expect(touchpoint.context).toEqual({ ip: '1.2.3.4', locale: 'de' })
  })
  test('a browser lends its user agent, a server does not', () => {
    const browser = taken(track(), { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' })
    expect(browser).toMatchObject({
      bot: true,
      context: { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1)' },
    })
    expect(taken(track(), { userAgent: 'axios/1.7.0' })).toMatchObject({ bot: false, context: {} })
  })
  test('the global privacy control is noted', () => {
    const touchpoint = taken(track(), { globalPrivacyControl: true })
    expect(touchpoint.context).toEqual({ globalPrivacyControl: true })
  })
  test('sentAt of the event goes before that of the batch', () => {
    const event = track({ timestamp: '2026-11-23T10:00:00Z', sentAt: '2026-11-23T10:30:00Z' })
    const sentAt = '2026-11-23T10:00:00Z'
    expect(taken(event, { sentAt }).occurredAt).toBe(testNow - 1_800_000)
  })
  test('a time that cannot be read is the receipt, with a warning', () => {
    const touchpoint = taken(track({ timestamp: 'soon' }))
    expect(touchpoint.occurredAt).toBe(testNow)
    expect(touchpoint.context).toEqual({ warnings: ['unreadable_timestamp'] })
  })
  test('a timestamp beside originalTimestamp was said by the caller, and stands as it is', () => {
    const original = '2026-11-22T00:00:00Z'
    const at = (timestamp: string): string =>
      new Date(taken(track({ originalTimestamp: original, timestamp })).occurredAt).toISOString()
    expect(at('2026-11-21T00:00:00Z')).toBe('2026-11-21T00:00:00.000Z')
    expect(at('soon')).toBe('2026-11-22T00:00:00.000Z')
    expect(at('2999-01-01T00:00:00Z')).toBe('2026-11-22T00:00:00.000Z')
    expect(at(original)).toBe('2026-11-22T00:00:00.000Z')
  })
})
