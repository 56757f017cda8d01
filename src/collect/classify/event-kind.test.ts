import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { touchpointKinds } from '../../domain/touchpoint-kind.ts'
import { eventKey, eventKind } from './event-kind.ts'
import { eventNameGroups } from '../known/event-names.ts'

const names = eventNameGroups.flatMap((group) => group.names)

test('every kind has a name that gives it', () => {
  const reached = new Set(names.map(({ kind }) => kind))
  expect(touchpointKinds.filter((kind) => !reached.has(kind))).toEqual([])
})

test('no name means two things', () => {
  const keys = names.map(({ name }) => eventKey(name))
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
})

test.each([
  ['Order Completed', 'purchase'],
  ['order completed', 'purchase'],
  ['ORDER_COMPLETED', 'purchase'],
  ['orderCompleted', 'purchase'],
  ['order-completed', 'purchase'],
  [' Order  Completed ', 'purchase'],
  ['Product Added to Wishlist', 'wishlist_added'],
  ['Email Marked as Spam', 'email_marked_spam'],
  ['Live Chat Conversation Started', 'chat_started'],
  ['Application Installed', 'app_installed'],
  ['Video Playback Started', 'video_watched'],
  ['Coupon Denied', 'custom'],
  ['Something Of Ours', 'custom'],
  ['', 'custom'],
  ['constructor', 'custom'],
  ['__proto__', 'custom'],
  ['Bestellung bezahlt 🎉', 'custom'],
])('%j is %s', (name, kind) => expect(eventKind('track', name, {})).toBe(kind))

test.each([
  ['identify', 'identified'],
  ['group', 'grouped'],
  ['alias', 'aliased'],
  ['screen', 'screen_viewed'],
] as const)('%s is %s, whatever it is called', (type, kind) => {
  expect(eventKind(type, 'Order Completed', {})).toBe(kind)
})

describe('pages', () => {
  test.each([
    ['Home', { path: '/' }, 'page_viewed'],
    ['', {}, 'page_viewed'],
    ['Pricing', { path: '/x' }, 'comparison'],
    ['', { path: '/pricing' }, 'comparison'],
    ['', { path: '/en/pricing/' }, 'comparison'],
    ['', { path: '/compare/us-and-them' }, 'comparison'],
    ['', { url: 'https://acme.example/pricing?x=/blog' }, 'comparison'],
    ['', { path: '/docs/install' }, 'documentation_read'],
    ['', { path: '/blog/pricing-explained' }, 'content_viewed'],
    ['', { path: '/case-studies/acme' }, 'content_viewed'],
    ['Q3', { category: 'Whitepaper' }, 'content_viewed'],
    ['', { category: 'Docs', path: '/blog/x' }, 'documentation_read'],
    // Not whole segments, or too deep to be the section of a site.
    ['How our pricing works', { path: '/x/y/pricing' }, 'page_viewed'],
    ['', { path: '/documents' }, 'page_viewed'],
    ['', { path: '/blogger' }, 'page_viewed'],
    ['', { path: 7 }, 'page_viewed'],
  ] as const)('%j %j is %s', (name, properties, kind) => {
    expect(eventKind('page', name, { ...properties })).toBe(kind)
  })
})

/** Aligned as Prettier aligns tables, so that formatting leaves it alone. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows
  const widths = head.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n')
}

test('docs/events.md has each name with its kind, and nothing else', async () => {
  const introduction = readFileSync(
    join(import.meta.dirname, '../known/events-introduction.md'),
    'utf8',
  )
  const tables = eventNameGroups.map(({ title, names: listed }) => {
    const rows = listed.map(({ name, kind }) => [name, `\`${kind}\``])
    return `## ${title}\n\n${table([['Event', 'Kind of touchpoint'], ...rows])}\n`
  })
  const document = `${introduction}\n${tables.join('\n')}`
  await expect(document).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/events.md'))
})
