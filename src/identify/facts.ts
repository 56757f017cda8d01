/** What a batch says about identity, as facts that may be stated in any order and any number of times. */
import { subjectIdOf } from '../domain/identifier.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { IncomingTouchpoint, Json } from '../domain/touchpoint.ts'

export interface SubjectFact {
  readonly subjectId: string
  readonly identifier: Identifier
  readonly firstSeenAt: number
}

/** Two identifiers seen together; `a < b`. The earliest evidence (time, touchpoint id) is the fact. */
export interface LinkFact {
  readonly a: string
  readonly b: string
  readonly firstAt: number
  readonly touchpointId: string
}

export interface MembershipFact {
  readonly personSubjectId: string
  readonly accountSubjectId: string
  readonly firstAt: number
}

/** The newest value of a trait by (time, touchpoint id). */
export interface TraitFact {
  readonly subjectId: string
  readonly key: string
  readonly value: Json
  readonly at: number
  readonly touchpointId: string
}

export interface IdentityFacts {
  readonly subjects: ReadonlyMap<string, SubjectFact>
  readonly links: ReadonlyMap<string, LinkFact>
  readonly memberships: ReadonlyMap<string, MembershipFact>
  readonly traits: ReadonlyMap<string, TraitFact>
}

/** More traits in one call than any person has are a mistake or an attack. */
const maximumTraits = 200

export function factsOf(touchpoints: readonly IncomingTouchpoint[]): IdentityFacts {
  const subjects = new Map<string, SubjectFact>()
  const links = new Map<string, LinkFact>()
  const memberships = new Map<string, MembershipFact>()
  const traits = new Map<string, TraitFact>()
  const see = (identifier: Identifier, subjectId: string, at: number): void => {
    const known = subjects.get(subjectId)
    if (!known || at < known.firstSeenAt)
      subjects.set(subjectId, { subjectId, identifier, firstSeenAt: at })
  }
  for (const touchpoint of touchpoints) {
    const { identifiers, occurredAt: at, subjectId, account } = touchpoint
    identifiers.forEach((identifier, i) => {
      const other = i === 0 ? subjectId : subjectIdOf(identifier)
      see(identifier, other, at)
      if (i > 0 && other !== subjectId) keepEarliest(links, linkOf(subjectId, other, touchpoint))
    })
    const accountSubjectId = account ? subjectIdOf(account) : null
    if (account && accountSubjectId) {
      see(account, accountSubjectId, at)
      const key = `${subjectId} ${accountSubjectId}`
      const known = memberships.get(key)
      if (!known || at < known.firstAt) {
        memberships.set(key, { personSubjectId: subjectId, accountSubjectId, firstAt: at })
      }
    }
    // Traits of a group call describe the account.
    const owner = touchpoint.type === 'group' ? accountSubjectId : subjectId
    if (owner && touchpoint.traits) keepTraits(traits, owner, touchpoint)
  }
  return { subjects, links, memberships, traits }
}

function linkOf(one: string, other: string, touchpoint: IncomingTouchpoint): LinkFact {
  const [a, b] = one < other ? [one, other] : [other, one]
  return { a, b, firstAt: touchpoint.occurredAt, touchpointId: touchpoint.id }
}

export const linkKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`)

function keepEarliest(links: Map<string, LinkFact>, link: LinkFact): void {
  const key = linkKey(link.a, link.b)
  const known = links.get(key)
  if (!known || isEarlier(link, known)) links.set(key, link)
}

export function isEarlier(one: LinkFact, other: LinkFact): boolean {
  return (
    one.firstAt < other.firstAt ||
    (one.firstAt === other.firstAt && one.touchpointId < other.touchpointId)
  )
}

function keepTraits(
  traits: Map<string, TraitFact>,
  subjectId: string,
  { traits: given, occurredAt: at, id: touchpointId }: IncomingTouchpoint,
): void {
  for (const [key, value] of Object.entries(given ?? {}).slice(0, maximumTraits)) {
    const name = `${subjectId} ${key}`
    const known = traits.get(name)
    if (!known || at > known.at || (at === known.at && touchpointId > known.touchpointId)) {
      traits.set(name, { subjectId, key, value, at, touchpointId })
    }
  }
}
