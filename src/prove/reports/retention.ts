import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { retentionPicture, type RetentionPicture } from '../../domain/reports/retention.ts'
import { proportion } from '../../math/binomial-interval.ts'
import { defineReport } from '../report.ts'
import { cohortCounts, dayOfPeriod, periodNumber, type CohortCount, type RetentionQuestion, type Unit } from './retention-queries.ts' // prettier-ignore
import { retentionTables } from './retention-tables.ts'
import { parseStep, parseSteps, type Rung } from './steps.ts'

const parameters = z.object({
  unit: z.enum(['day', 'week', 'month']).default('week').describe('Length of a period. Weeks begin on Monday.'), // prettier-ignore
  start: z
    .string()
    .max(500)
    .default('any')
    .describe('What begins: a kind, `any`, narrower as in a funnel, or `rung:customer`.'),
  back: z
    .string()
    .max(1000)
    .default('any')
    .describe('What counts as coming back: `any`, `same`, or kinds divided by commas.'),
  cohorts: z
    .enum(['first', 'each'])
    .default('first')
    .describe('`first`: by the first start ever. `each`: in every period in which somebody started.'), // prettier-ignore
  variant: z
    .enum(['on', 'on_or_after'])
    .default('on')
    .describe('`on`: back in just that period (classic). `on_or_after`: in it or later (rolling).'),
  longest: z.coerce.number().int().min(1).max(60).default(12).describe('Periods that are shown.'),
  by: z
    .enum(['channel', 'campaign', 'persona'])
    .optional()
    .describe('Broken down by channel or campaign of the first touch, or by persona.'),
})

const mostGroups = 8

export const retention = defineReport({
  id: 'retention',
  title: 'Retention',
  about: 'Of those who began in a day, week or month, how many came back later.',
  parameters,
  picture: retentionPicture,
  async draw(context, asked) {
    const { unit, variant, longest, cohorts, by = null } = asked
    const rungs = context.model.rungs.map(({ id, name }): Rung => ({ id, name }))
    const start = parseStep(asked.start, rungs)
    const back = asked.back === 'same' ? [] : parseSteps(asked.back, rungs)
    if (asked.back !== 'same' && back.length === 0)
      throw new RapportError('invalid_request', 'Say what counts as coming back, or any, or same.')
    const question: RetentionQuestion = {
      ...{ unit, variant, longest, cohorts, by, rungs, start, back },
      ...periodsOf(context.scope, context.now, unit),
    }
    const counts = await cohortCounts(context, question)
    const all = triangle(counts, question)
    const names = byName(counts, question)
    return {
      ...{ unit, variant, by },
      start: start.name,
      back: back.length === 0 ? start.name : back.map(({ name }) => name).join(' or '),
      cohorts: all.cohorts,
      together: all.together,
      groups: names,
    }
  },
  tables: retentionTables,
  notes: ({ variant, unit }, { cohorts }) => [
    variant === 'on'
      ? `Back in just that ${unit} (classic retention).`
      : `Back in that ${unit} or a later one (rolling retention). It can only grow as time goes on, so the newest cells are low.`,
    cohorts === 'first'
      ? 'Everybody belongs to the period of their first start ever; who started before this period is not in it.'
      : 'Who started in several periods belongs to each of them.',
    `Only what is over is shown: a ${unit} that still runs is not whole. Periods are in UTC.`,
    'Shares with the 95 % interval of Wilson (1927). The curve is of all cohorts that have come so far.',
    '“Any touchpoint” is what people do; what was only delivered to them does not count.',
  ],
})

/** The first whole period, and the last that is over at the end of the report or by now. */
function periodsOf(scope: { from: number; to: number }, now: number, unit: Unit) {
  const first = periodNumber(scope.from, unit)
  const isWhole = Date.parse(`${dayOfPeriod(first, unit)}T00:00:00Z`) === scope.from
  return {
    firstPeriod: isWhole ? first : first + 1,
    lastPeriod: periodNumber(Math.min(scope.to, now), unit) - 1,
  }
}

type Cells = RetentionPicture['together']

/** Counts as cells: all names together. */
export function triangle(
  counts: readonly Omit<CohortCount, 'name'>[],
  { unit, longest, lastPeriod }: Pick<RetentionQuestion, 'unit' | 'longest' | 'lastPeriod'>,
): { cohorts: RetentionPicture['cohorts']; together: Cells; size: number } {
  const active = new Map<number, number[]>()
  for (const { cohort, since } of counts) {
    const own = active.get(cohort) ?? Array.from({ length: longest + 1 }, () => 0)
    active.set(cohort, own)
    for (const [k, people] of since.entries()) own[k] = (own[k] ?? 0) + people
  }
  const cell = (count: number, of: number): Cells[number] => {
    const share = proportion(count, of)
    return share && { active: count, of, share }
  }
  const cohorts = [...active]
    .sort(([a], [b]) => a - b)
    .map(([period, own]) => {
      const size = own[0] ?? 0
      const cells = own.map((count, k) => (period + k <= lastPeriod ? cell(count, size) : null))
      return { day: dayOfPeriod(period, unit), size, cells }
    })
  const together = Array.from({ length: longest + 1 }, (_, k) => {
    const known = cohorts.flatMap(({ cells }) => cells[k] ?? [])
    return cell(
      known.reduce((sum, one) => sum + one.active, 0),
      known.reduce((sum, one) => sum + one.of, 0),
    )
  })
  return { cohorts, together, size: cohorts.reduce((sum, { size }) => sum + size, 0) }
}

function byName(
  counts: readonly CohortCount[],
  question: RetentionQuestion,
): RetentionPicture['groups'] {
  if (question.by === null) return []
  const named = Map.groupBy(counts, ({ name }) => name)
  return [...named]
    .map(([name, own]) => {
      const { together, size } = triangle(own, question)
      return { name, size, cells: together }
    })
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1))
    .slice(0, mostGroups)
}
