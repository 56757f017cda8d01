/** Which new identifiers simply join a party or make one, and which need weighing. Pure. */
import { externalLimit, namespaceLimits } from './components.ts'
import { groupSubjects } from './group-subjects.ts'
import type { IdentityFacts, LinkFact, SubjectFact } from './facts.ts'
import type { KnownIdentifier } from './queries.ts'

export interface Attachments {
  /** New identifiers by the party that they join; empty where known ones are linked anew. */
  readonly joins: ReadonlyMap<string, readonly SubjectFact[]>
  /** New identifiers that make a party of their own, group by group. */
  readonly fresh: readonly (readonly SubjectFact[])[]
  /** Subjects that must be weighed with all that they are linked with: merges, limits, disputes. */
  readonly disputed: readonly string[]
}

/** Groups what new links connect. A group that spans two parties is a merge. */
export function planAttachments(
  facts: IdentityFacts,
  known: readonly KnownIdentifier[],
  links: readonly LinkFact[],
): Attachments {
  const partyOf = new Map(known.map(({ subjectId, partyId }) => [subjectId, partyId]))
  const shared = new Set(known.filter(({ shared }) => shared).map(({ subjectId }) => subjectId))
  const relevant = links.filter(({ a, b }) => !shared.has(a) && !shared.has(b))
  const linked = new Set(relevant.flatMap(({ a, b }) => [a, b]))
  const joins = new Map<string, SubjectFact[]>()
  const fresh: SubjectFact[][] = []
  const disputed: string[] = []
  for (const group of groupSubjects([...facts.subjects.keys()], relevant)) {
    const parties = new Set(group.flatMap((subject) => partyOf.get(subject) ?? []))
    const added = group
      .filter((subject) => !partyOf.has(subject))
      .map((subject) => facts.subjects.get(subject) as SubjectFact)
    const [party] = parties
    if (parties.size > 1 || isOverLimits(added.map(namespaceOf))) disputed.push(...group)
    else if (party === undefined) fresh.push(added.sort(bySeniority))
    else if (added.length > 0 || group.some((subject) => linked.has(subject))) {
      joins.set(party, [...(joins.get(party) ?? []), ...added])
    }
  }
  return { joins, fresh, disputed }
}

/** Takes joins out that go beyond the limits, or touch a party about which there is a dispute. */
export function disputeJoins(
  plan: Attachments,
  known: readonly KnownIdentifier[],
  present: readonly KnownIdentifier[],
  contested: ReadonlySet<string>,
): Attachments {
  const namespaces = Map.groupBy(present, ({ partyId }) => partyId)
  const isDisputed = ([party, added]: readonly [string, readonly SubjectFact[]]): boolean =>
    contested.has(party) ||
    isOverLimits([
      ...(namespaces.get(party) ?? []).map(({ namespace }) => namespace),
      ...added.map(namespaceOf),
    ])
  const disputes = [...plan.joins].filter(isDisputed)
  if (disputes.length === 0) return plan
  const parties = new Set(disputes.map(([party]) => party))
  const subjects = [
    ...disputes.flatMap(([, added]) => added.map(({ subjectId }) => subjectId)),
    ...known.filter(({ partyId }) => parties.has(partyId)).map(({ subjectId }) => subjectId),
  ]
  return {
    ...plan,
    joins: new Map([...plan.joins].filter(([party]) => !parties.has(party))),
    disputed: [...plan.disputed, ...subjects],
  }
}

const namespaceOf = ({ identifier }: SubjectFact): string => identifier.namespace

const bySeniority = (x: SubjectFact, y: SubjectFact): number =>
  x.firstSeenAt - y.firstSeenAt || (x.subjectId < y.subjectId ? -1 : 1)

function isOverLimits(namespaces: readonly string[]): boolean {
  const counts = new Map<string, number>()
  return namespaces.some((namespace) => {
    const count = (counts.get(namespace) ?? 0) + 1
    counts.set(namespace, count)
    return count > (namespaceLimits[namespace] ?? externalLimit)
  })
}
