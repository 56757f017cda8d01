import { z } from 'zod'
import { networkPicture, type NetworkPicture } from '../../domain/reports/network.ts'
import { wilsonInterval } from '../../math/binomial-interval.ts'
import { defineReport, type ReportContext } from '../report.ts'
import { findRings } from '../network/rings.ts'
import { plantForest } from '../network/forest.ts'
import { networkPeople } from './network-people.ts'
import { networkNotes, networkTables } from './network-tables.ts'
import { knownPeople, peopleOnRungs, readNetwork, toldReferrers } from './network-queries.ts'
import {
  childCount,
  drawingOf,
  generationsOf,
  growthOf,
  isPlanted,
  kFactorOf,
  leadersOf,
  type Planted,
} from './network-picture.ts'
import type { Read } from './network-queries.ts'
import { timeSteps } from './time-steps.ts'

const parameters = z.object({
  within: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('Days after the first touchpoint in which a code still says who brought somebody.'),
})

const dayLength = 86_400_000
const ringsShown = 100

export const network = defineReport({
  id: 'network',
  title: 'Who brought whom',
  about: 'Who recommends us, whom they brought, how far that goes on and what it is worth.',
  parameters,
  picture: networkPicture,
  async draw(context, { within }) {
    const { scope } = context
    const told = await toldReferrers(context)
    const steps = timeSteps(scope.period)
    const ids = [...new Set(told.flatMap(({ party, referrer }) => [party, referrer]))]
    const read = await readNetwork(context, { stepDays: steps.days, told: ids })
    const people = networkPeople({ ...read, told, within: within * dayLength })
    const known = await knownPeople(context, { ids: people.parties, told: ids })
    const planted: Planted = {
      people,
      forest: plantForest(people.referrals),
      known: new Map(known.map((one) => [one.party, one])),
      arrivals: new Map(read.networked.map(({ party, firstAt }) => [party, firstAt])),
    }
    return {
      within,
      currency: people.currency,
      totals: totalsOf(planted, read),
      kFactor: kFactorOf(planted, read, scope.from),
      generations: generationsOf(planted),
      growth: growthOf(planted, steps, { from: scope.from, everybody: read.arrivals }),
      rungs: await rungsOf(context, planted),
      leaders: leadersOf(planted),
      rings: findRings(people.carried)
        .slice(0, ringsShown)
        .map(({ circle }) => ({ people: circle.map((person) => nameOf(planted, person)) })),
      drawing: drawingOf(planted),
    }
  },
  tables: networkTables,
  notes: networkNotes,
})

function nameOf({ people, known }: Planted, person: number): { id: string; name: string } {
  const id = people.parties[person] ?? ''
  return { id, name: known.get(id)?.name ?? '' }
}

function totalsOf(
  { people, forest }: Planted,
  { strangers }: Pick<Read, 'strangers'>,
): NetworkPicture['totals'] {
  const everybody = [...people.parties.keys()]
  const brought = everybody.filter((person) => (forest.parent[person] ?? -1) >= 0)
  const bringers = everybody.filter((person) => childCount(forest, person) > 0)
  return {
    people: everybody.filter((person) => isPlanted(forest, person)).length,
    brought: brought.length,
    bringers: bringers.length,
    trees: bringers.filter((person) => forest.parent[person] === -1).length,
    valueMinor: brought.reduce((sum, person) => sum + (people.valueMinor[person] ?? 0), 0),
    otherCurrencies: people.otherCurrencies,
    unknownCodes: strangers,
  }
}

async function rungsOf(
  context: ReportContext,
  { people, forest, known }: Planted,
): Promise<NetworkPicture['rungs']> {
  const counts = new Map((await peopleOnRungs(context)).map(({ rung, people: n }) => [rung, n]))
  const bringers = new Map<string, { count: number; brought: number }>()
  people.parties.forEach((party, person) => {
    const brought = childCount(forest, person)
    const rung = known.get(party)?.rung
    if (brought === 0 || rung === undefined) return
    const before = bringers.get(rung) ?? { count: 0, brought: 0 }
    bringers.set(rung, { count: before.count + 1, brought: before.brought + brought })
  })
  return context.model.rungs.flatMap(({ id, name }) => {
    const { count, brought } = bringers.get(id) ?? { count: 0, brought: 0 }
    const all = Math.max(count, counts.get(id) ?? 0)
    if (all === 0) return []
    const share = { value: count / all, ...wilsonInterval(count, all) }
    return [{ id, name, people: all, bringers: count, brought, share }]
  })
}
