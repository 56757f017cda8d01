/** The same world, folded in one sitting: what any order of arrival must lead to. */
import { factsOf, type IdentityFacts, type TraitFact } from '../../src/identify/facts.ts'
import { resolveComponents } from '../../src/identify/components.ts'
import { nameOfIdentifiers, nameOfTraits } from '../../src/identify/display-name.ts'
import { emptyState, foldTouchpoints, mergeStates } from '../../src/relationship/fold.ts'
import { historyOf } from '../../src/measure/history.ts'
import { standingOf } from '../../src/relationship/standing.ts'
import { historyLines, nameOfParty, type Picture, type Pictures } from './pictures.ts'
import type { CompiledModel } from '../../src/relationship/compile-model.ts'
import type { IdentityGraph } from '../../src/identify/components.ts'
import type { IncomingTouchpoint, Json } from '../../src/domain/touchpoint.ts'
import type { State } from '../../src/relationship/measure-table.ts'

export type ByHand = Pick<IdentityGraph, 'joined' | 'separated'>

export interface ReferenceQuestion {
  readonly model: CompiledModel
  /** Each once. */
  readonly touchpoints: readonly IncomingTouchpoint[]
  readonly byHand: ByHand
  readonly now: number
}

export function referencePictures({
  model,
  touchpoints,
  byHand,
  now,
}: ReferenceQuestion): Pictures {
  const facts = factsOf(touchpoints)
  const { rootOf } = resolveComponents({
    subjects: [...facts.subjects.values()].map(({ subjectId, identifier: { namespace } }) => ({
      subjectId,
      namespace,
    })),
    links: [...facts.links.values()],
    ...byHand,
  })
  const parties = Map.groupBy(rootOf.keys(), (subject) => rootOf.get(subject) as string)
  const names = new Map([...parties].map(([root, subjects]) => [root, nameOfParty(subjects)]))
  const pairs = [...facts.memberships.values()].map(({ personSubjectId, accountSubjectId }) => ({
    person: rootOf.get(personSubjectId) as string,
    account: rootOf.get(accountSubjectId) as string,
  }))
  const inOrder = [...touchpoints].sort(
    (one, other) => one.occurredAt - other.occurredAt || (one.id < other.id ? -1 : 1),
  )
  const human = Map.groupBy(
    inOrder.filter(({ bot }) => !bot),
    ({ subjectId }) => rootOf.get(subjectId) as string,
  )
  const pictures = new Map<string, Picture>()
  for (const [root, subjects] of parties) {
    const members = new Set(
      pairs.flatMap(({ person, account }) => (account === root ? person : [])),
    )
    const isAccount = subjects.some(
      (s) => facts.subjects.get(s)?.identifier.namespace === 'account',
    )
    const logs = [...(isAccount ? members : [root])].flatMap((member) => human.get(member) ?? [])
    const log = inOrder.filter((touchpoint) => logs.includes(touchpoint))
    pictures.set(names.get(root) as string, {
      ...toldBy(facts, subjects),
      kind: isAccount ? 'account' : 'person',
      accounts: [
        ...new Set(
          pairs.flatMap(({ person, account }) =>
            person === root ? (names.get(account) as string) : [],
          ),
        ),
      ].sort(),
      ...measured(
        model,
        {
          root,
          isAccount,
          log,
          lists: isAccount ? [...members].map((m) => human.get(m) ?? []) : [log],
        },
        now,
      ),
    })
  }
  return pictures
}

function toldBy(
  facts: IdentityFacts,
  subjects: readonly string[],
): Pick<Picture, 'traits' | 'displayName' | 'firstSeen'> {
  const newest = new Map<string, TraitFact>()
  for (const fact of facts.traits.values()) {
    if (!subjects.includes(fact.subjectId)) continue
    const known = newest.get(fact.key)
    const isNewer =
      !known ||
      fact.at > known.at ||
      (fact.at === known.at && fact.touchpointId > known.touchpointId)
    if (isNewer) newest.set(fact.key, fact)
  }
  const traits: Record<string, Json> = Object.fromEntries(
    [...newest].map(([key, { value }]) => [key, value]),
  )
  const identifiers = subjects
    .flatMap((subject) => facts.subjects.get(subject) ?? [])
    .sort(
      (one, other) =>
        one.firstSeenAt - other.firstSeenAt || (one.subjectId < other.subjectId ? -1 : 1),
    )
  return {
    traits,
    displayName:
      nameOfTraits(traits) ?? nameOfIdentifiers(identifiers.map(({ identifier }) => identifier)),
    firstSeen: Object.fromEntries(
      identifiers.map(({ subjectId, firstSeenAt }) => [subjectId, firstSeenAt]),
    ),
  }
}

interface Log {
  readonly root: string
  readonly isAccount: boolean
  /** Of everybody together, oldest first. */
  readonly log: readonly IncomingTouchpoint[]
  /** Of each person. */
  readonly lists: readonly (readonly IncomingTouchpoint[])[]
}

function measured(
  model: CompiledModel,
  { root, isAccount, log, lists }: Log,
  now: number,
): Pick<Picture, 'standing' | 'state' | 'history'> {
  if (log.length === 0) return { standing: null, state: null, history: [] }
  const state = lists.reduce<State>(
    (sum, list) => mergeStates(model, sum, foldTouchpoints(model, list)),
    emptyState(model),
  )
  const { rung, health } = standingOf(model, state, now)
  const party = { partyId: root, kind: isAccount ? 'account' : 'person' } as const
  const { transitions } = historyOf(model, party, log, now)
  return { standing: { rung, health }, state, history: historyLines(transitions) }
}
