import { z } from 'zod'
import { benjaminiHochberg } from '../../math/benjamini-hochberg.ts'
import { proportion } from '../../math/binomial-interval.ts'
import { clusteredShare } from '../../math/clustered-share.ts'
import { groupedJackknife } from '../../math/grouped-jackknife.ts'
import { loyaltyPicture, type LoyaltyPicture, type Preceding, type ReEvaluating, type Repeats } from '../../domain/reports/loyalty.ts' // prettier-ignore
import { defineReport, type ReportContext } from '../report.ts'
import { requireLoyaltyLoop } from './loyalty-loop.ts'
import { answerDays, loopCounts, peopleOf, precedingGroups, precedingRows, windowDays, type EvaluationCounts, type PrecedingRow, type RepeatRow } from './loyalty-queries.ts' // prettier-ignore
import { loyaltyTables } from './loyalty-tables.ts'

export const loyalty = defineReport({
  id: 'loyalty',
  title: 'The loyalty loop',
  about:
    'Who chooses us again without looking around, what made others look around, and who does now.',
  parameters: z.object({}),
  picture: loyaltyPicture,
  async draw(context) {
    const loop = requireLoyaltyLoop(context.model)
    const { repeats, evaluations } = await loopCounts(context, loop)
    const counts = evaluations ?? nobody
    const [all] = repeats.filter(({ by }) => by === 'all').flatMap(repeatsOf)
    return {
      choiceKinds: [...loop.choiceKinds],
      comparisonKinds: [...loop.comparisonKinds],
      total: all ?? null,
      cohorts: byMonth(repeats, 'cohort'),
      overTime: byMonth(repeats, 'month'),
      before: {
        ...{ windowDays, people: counts.people, times: counts.times },
        kinds: counts.times === 0 ? [] : precedingOf(await precedingRows(context, loop)),
      },
      after: {
        ...{ withinDays: answerDays, watched: counts.watched, choseAgain: counts.choseAgain },
        share: proportion(counts.choseAgain, counts.watched),
      },
      now: {
        total: counts.lookingNow,
        customers: counts.customers,
        people: await peopleLooking(context, counts.looking),
      },
      rungs: context.model.rungs.map(({ id, name }) => ({ id, name })),
    }
  },
  tables: loyaltyTables,
  notes: loyaltyNotes,
})

async function peopleLooking(
  context: ReportContext,
  looking: EvaluationCounts['looking'],
): Promise<ReEvaluating[]> {
  if (looking.length === 0) return []
  const people = await peopleOf(context, looking.map(({ id }) => id)) // prettier-ignore
  const byId = new Map(people.map((person) => [person.id, person]))
  return looking.flatMap((one) => {
    const person = byId.get(one.id)
    return person ? [{ ...one, ...person }] : []
  })
}

const nobody: EvaluationCounts = {
  ...{ people: 0, times: 0, watched: 0, choseAgain: 0, customers: 0, lookingNow: 0 },
  looking: [],
}

function repeatsOf({ month, ...sums }: RepeatRow): Repeats[] {
  const share = clusteredShare(sums)
  return share ? [{ month, people: sums.people, repeats: sums.n, loyal: sums.x, share }] : []
}

const byMonth = (rows: readonly RepeatRow[], by: RepeatRow['by']): Repeats[] =>
  rows
    .filter((row) => row.by === by)
    .flatMap(repeatsOf)
    .toSorted((one, other) => (one.month < other.month ? -1 : 1))

/** What only a handful of people met says nothing. */
const fewestPeople = 5

/** The clearest first. The interval is of the logarithm: a lift of 2 is as far from 1 as one of 1/2. */
function precedingOf(rows: readonly PrecedingRow[]): Preceding[] {
  const found = [...Map.groupBy(rows, ({ kind }) => kind)].flatMap(([kind, some]) => {
    const sum = (
      of: 'people' | 'days' | 'above' | 'below',
      without: number | null = null,
    ): number => some.reduce((total, row) => (row.group === without ? total : total + row[of]), 0)
    const people = sum('people')
    if (people < fewestPeople) return []
    const tested = groupedJackknife(precedingGroups, (without) =>
      Math.log(sum('above', without) / sum('below', without)),
    )
    return tested ? [{ kind, people, days: sum('days'), tested }] : []
  })
  const q = benjaminiHochberg(found.map(({ tested }) => tested.p))
  return found
    .map(({ tested, ...one }, index) => ({
      ...one,
      lift: {
        value: Math.exp(tested.value),
        low: Math.exp(tested.low),
        high: Math.exp(tested.high),
      },
      q: q[index] ?? 1,
    }))
    .toSorted((one, other) => one.q - other.q || other.lift.value - one.lift.value)
}

function loyaltyNotes({ choiceKinds, comparisonKinds }: LoyaltyPicture): string[] {
  const listed = (kinds: readonly string[]): string =>
    kinds.map((kind) => kind.replaceAll('_', ' ')).join(', ')
  return [
    `A choice is ${listed(choiceKinds)}; looking around is ${listed(comparisonKinds)}: as the model's loyalty says. A comparison before the first choice is shopping and is not counted.`,
    'A repeat is loyal where no comparison lies between it and the choice before. Shares with the error of a ratio over people (Cochran 1977), as Wilson intervals of 95 %: ten choices of one person are not ten people.',
    `Before looking around: days with a touchpoint in the ${windowDays} days before, against the same person's other days as a customer (each person a stratum, Mantel-Haenszel ratio of rates); the ${windowDays} days after belong to neither. Intervals by a delete-a-group jackknife over people, corrected for many comparisons after Benjamini and Hochberg (1995). An association, not a proof of effect.`,
    `Chose again: within ${answerDays} days of beginning to look around, of those watched for as long.`,
  ]
}
