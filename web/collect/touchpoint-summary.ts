import type { TouchpointView } from '../../src/domain/view.ts'

/** Where sources put what a person would want to read first, most telling first. */
const telling = [
  'title', 'subject', 'text', 'review', 'comment', 'body', 'message', 'question', 'feature',
  'feature_name', 'plan', 'plan_name', 'product', 'product_name', 'query', 'step', 'promise',
  'name', 'topic', 'path', 'url',
] as const // prettier-ignore

/** Long words are cut by the page, not here; this only keeps a megabyte out of a line. */
const longest = 200

function textAt(values: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  for (const name of names) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (typeof value === 'string' && value !== '') return value.slice(0, longest)
  }
  return ''
}

/** What a touchpoint was about, in a few words of its own; empty where it says nothing readable. */
export function touchpointSummary(touchpoint: TouchpointView): string {
  const said = textAt(touchpoint.properties, telling)
  if (said !== '') return said
  const { page } = touchpoint.context
  return typeof page === 'object' && page !== null
    ? textAt(page as Record<string, unknown>, ['title', 'path', 'url'])
    : ''
}
