/** What the list of people or accounts has in its address, so that a filtered list can be sent. */
export interface PartySearch {
  readonly search?: string | undefined
  readonly rung?: string | undefined
  readonly health?: string | undefined
  readonly persona?: string | undefined
  readonly account?: string | undefined
  readonly segment?: string | undefined
  readonly sort?: string | undefined
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined
}

export function parsePartySearch(raw: Record<string, unknown>): PartySearch {
  return {
    search: text(raw['search']),
    rung: text(raw['rung']),
    health: text(raw['health']),
    persona: text(raw['persona']),
    account: text(raw['account']),
    segment: text(raw['segment']),
    sort: text(raw['sort']),
  }
}

/** What the page of one party has in its address. */
export interface PartyView {
  readonly tab?: string | undefined
  readonly kind?: string | undefined
  readonly channel?: string | undefined
  /** The opened number: see `evidence-link.tsx`. */
  readonly evidence?: string | undefined
  /** The segment of which is asked why, and at which day. */
  readonly segment?: string | undefined
  readonly at?: string | undefined
}

export function parsePartyView(raw: Record<string, unknown>): PartyView {
  return {
    tab: text(raw['tab']),
    kind: text(raw['kind']),
    channel: text(raw['channel']),
    evidence: text(raw['evidence']),
    segment: text(raw['segment']),
    at: text(raw['at']),
  }
}
