/** From counted rows to what the picture of reach shows. */
import { proportion } from '../../math/binomial-interval.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'
import type { EstimateView } from '../../domain/reports/estimate.ts'
import type { ReachGroup, ReturnCurve } from '../../domain/reports/reach.ts'
import { mostTimes, type ReachRow } from './reach-people.ts'

const mostGroups = 20
/** Curves of groups with fewer people say little. */
const fewestPeople = 20
const nothing: EstimateView = { value: 0, low: 0, high: 1 }

const share = (part: number, whole: number): EstimateView => proportion(part, whole) ?? nothing

const sum = (rows: readonly ReachRow[], of: 'people' | 'visits' | 'customers'): number =>
  rows.reduce((total, row) => total + row[of], 0)

const sumEach = (lists: readonly (readonly number[])[], length: number): number[] =>
  Array.from({ length }, (_, index) => lists.reduce((total, list) => total + (list[index] ?? 0), 0))

const isQualified = ({ persona }: ReachRow): boolean => persona !== ''

function groupOf(
  { kind, id }: Pick<ReachRow, 'kind' | 'id'>,
  rows: readonly ReachRow[],
  steps: number,
): ReachGroup {
  const fitting = rows.filter(isQualified)
  const people = sum(rows, 'people')
  const [qualified, customers] = [sum(fitting, 'people'), sum(rows, 'customers')]
  return {
    ...{ kind, id, people, qualified, customers },
    visits: sum(rows, 'visits'),
    qualifiedShare: share(qualified, people),
    customerShare: share(customers, people),
    peopleOverTime: sumEach(
      rows.map(({ met }) => met),
      steps,
    ),
    qualifiedOverTime: sumEach(
      fitting.map(({ met }) => met),
      steps,
    ),
  }
}

export const reachTotal = (rows: readonly ReachRow[], steps: number): ReachGroup =>
  groupOf({ kind: 'channel', id: 'all' }, rows, steps)

const byKey = (rows: readonly ReachRow[]): ReachRow[][] =>
  [...Map.groupBy(rows, ({ kind, id }) => `${kind}:${id}`).values()].toSorted(
    (one, other) =>
      sum(other, 'people') - sum(one, 'people') || (nameOf(one) < nameOf(other) ? -1 : 1),
  )

/** Equally large groups stand in the order of their names, whatever order the lens gave. */
const nameOf = (rows: readonly ReachRow[]): string => rows[0]?.id ?? ''

/** The largest groups, largest first. */
export function reachGroups(
  rows: readonly ReachRow[],
  steps: number,
): { groups: ReachGroup[]; left: number } {
  const all = byKey(rows)
  const groups = all.slice(0, mostGroups).flatMap((some) => {
    const [first] = some
    return first ? [groupOf(first, some, steps)] : []
  })
  return { groups, left: Math.max(0, all.length - mostGroups) }
}

/** Everybody, the right ones against the others, each persona, each larger group. */
export function returnCurves(
  came: readonly ReachRow[],
  rows: readonly ReachRow[],
  model: CompiledModel,
): ReturnCurve[] {
  const personas = model.declared.personas.map(
    ({ id, name }) =>
    curveOf(`persona:${id}`, name, came.filter(({ persona }) => persona === id)), // prettier-ignore
  )
  const groups = byKey(rows)
    .slice(0, mostGroups)
    .flatMap((some) => {
      const [first] = some
      return first ? [curveOf(`${first.kind}:${first.id}`, first.id, some)] : []
    })
  return [
    curveOf('everyone', 'Everybody', came),
    curveOf('qualified', 'Fits a persona', came.filter(isQualified)),
    curveOf('others', 'Fits none', came.filter((row) => !isQualified(row))), // prettier-ignore
    ...[...personas, ...groups].filter(({ people }) => people >= fewestPeople),
  ]
}

function curveOf(id: string, name: string, rows: readonly ReachRow[]): ReturnCurve {
  const times = sumEach(
    rows.map(({ came }) => came),
    mostTimes,
  )
  const people = times[0] ?? 0
  return { id, name, people, times: times.map((n) => ({ people: n, share: share(n, people) })) }
}
