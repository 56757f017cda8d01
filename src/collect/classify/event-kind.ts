import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'
import type { EventType, JsonObject } from '../../domain/touchpoint.ts'
import { eventNameGroups } from '../known/event-names.ts'
import { memoise } from './memoise.ts'

/** `Order Completed`, `order_completed` and `orderCompleted` are the same name. */
export function eventKey(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.:/-]+/g, '')
}

const kindByKey: ReadonlyMap<string, TouchpointKind> = new Map(
  eventNameGroups.flatMap(({ names }) => names.map(({ name, kind }) => [eventKey(name), kind])),
)

const kindOfName = memoise((name) => kindByKey.get(eventKey(name)) ?? 'custom', 5_000)

const kindOfType = {
  identify: 'identified',
  group: 'grouped',
  alias: 'aliased',
  screen: 'screen_viewed',
} as const

/** What an event was: by its name for track calls, by its type for the others, by its path for pages. */
export function eventKind(type: EventType, name: string, properties: JsonObject): TouchpointKind {
  if (type === 'track') return kindOfName(name)
  return type === 'page' ? pageKind(name, properties) : kindOfType[type]
}

/** Path or page name segments that mean more than a page view, tried in this order. */
const pageKinds: readonly (readonly [TouchpointKind, ReadonlySet<string>])[] = [
  ['comparison', new Set(['pricing', 'prices', 'plans', 'compare', 'comparison', 'alternatives'])],
  ['documentation_read', new Set(['docs', 'documentation', 'knowledgebase'])],
  [
    'content_viewed',
    new Set([
      'blog',
      'article',
      'articles',
      'casestudy',
      'casestudies',
      'ebook',
      'ebooks',
      'guide',
      'guides',
      'report',
      'whitepaper',
      'whitepapers',
    ]),
  ],
]

/** Kept conservative: only a whole path segment, category or page name counts, never a part of one. */
function pageKind(name: string, properties: JsonObject): TouchpointKind {
  const { category, path, url } = properties
  const found =
    kindOfSegment(text(category)) ??
    kindOfPath(text(path) || pathOf(text(url))) ??
    kindOfSegment(name)
  return found ?? 'page_viewed'
}

const kindOfPath = memoise<TouchpointKind | null>((path) => {
  // The first two segments: /blog/post, /en/docs/start. Deeper ones are titles.
  for (const segment of path.split('/').filter(Boolean).slice(0, 2)) {
    const kind = kindOfSegment(segment)
    if (kind !== null) return kind
  }
  return null
}, 5_000)

function kindOfSegment(segment: string): TouchpointKind | null {
  if (segment === '' || segment.length > 40) return null
  const key = eventKey(segment)
  return pageKinds.find(([, keys]) => keys.has(key))?.[0] ?? null
}

function pathOf(url: string): string {
  return /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(url)?.[1] ?? ''
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
