/** Names of a few parties, by their key: a join would read the names of all. */
import type { ReportContext } from '../report.ts'

interface NamedParty {
  readonly id: string
  readonly name: string
  readonly rung: string
}

export async function partyNames(
  { rows, scope }: ReportContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NamedParty>> {
  if (ids.length === 0) return new Map()
  const parties = await rows<NamedParty>(
    `select toString(party_id) as id, name, toString(rung) as rung
     from ${scope.parties} where party_id in {party_ids: Array(UUID)}`,
    { party_ids: ids },
  )
  return new Map(parties.map((party) => [party.id, party]))
}
