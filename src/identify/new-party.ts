import { nameOfIdentifiers } from './display-name.ts'
import type { NewParty } from './queries.ts'
import type { SubjectFact } from './facts.ts'

/** A party for identifiers that have none yet; named by the best of them until traits say more. */
export function newParty(id: string, group: readonly Pick<SubjectFact, 'identifier'>[]): NewParty {
  const isAccount = group.some(({ identifier }) => identifier.namespace === 'account')
  return {
    id,
    kind: isAccount ? 'account' : 'person',
    displayName: nameOfIdentifiers(group.map(({ identifier }) => identifier)),
  }
}
