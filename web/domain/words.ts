/** Technical names as words: `page_viewed` reads 'Page viewed'. */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ').trim()
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** What a touchpoint is called on screen: its own event name where it is of no known kind. */
export function touchpointName(touchpoint: { kind: string; event: string }): string {
  if (touchpoint.kind === 'custom') return touchpoint.event || 'Custom event'
  return words(touchpoint.kind)
}

/** The event's own name, where it says more than the kind does. */
export function touchpointNote(touchpoint: { kind: string; event: string }): string {
  if (touchpoint.kind === 'custom' || touchpoint.event === '') return ''
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const [event, kind] = [plain(touchpoint.event), plain(touchpoint.kind)]
  return event.startsWith(kind) || kind.startsWith(event) ? '' : touchpoint.event
}
