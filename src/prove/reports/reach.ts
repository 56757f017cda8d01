import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { reachPicture, type ReachPicture } from '../../domain/reports/reach.ts'
import { defineReport, type ReportContext } from '../report.ts'
import { contentEffects } from './reach-content.ts'
import { contentReaders, contentWeeks, riseDays } from './reach-content-queries.ts'
import { reachGroups, reachTotal, returnCurves } from './reach-groups.ts'
import { reachRows } from './reach-people.ts'
import { reachTables } from './reach-tables.ts'
import { rungByReadingAlone } from './reading-alone.ts'
import { timeSteps } from './time-steps.ts'

const parameters = z.object({
  by: z
    .enum(['came', 'channel', 'campaign'])
    .default('came')
    .describe(
      '`came`: by the campaign or channel that people first came by, each in one. `channel`, ' +
        '`campaign`: by where they were met in the period, some in several.',
    ),
  content: z
    .enum(['series', 'title'])
    .default('series')
    .describe('What is compared under content: whole series, or single titles.'),
  rise: z
    .string()
    .max(60)
    .optional()
    .describe(
      'A rise counts to this rung or higher. Default: the first that reading alone does not reach.',
    ),
})
type Parameters = z.infer<typeof parameters>

/** People looked at for content: more would make the intervals narrower than anybody needs. */
const peopleForContent = 30_000

export const reach = defineReport({
  id: 'reach',
  title: 'Reach and what it brought',
  about: 'How many we met and how many of the right ones, who came again, what moved them up.',
  parameters,
  picture: reachPicture,
  async draw(context, { by, content, rise }) {
    const { scope, model } = context
    const riseFrom = riseOf(context, rise)
    const steps = timeSteps(scope.period)
    const withinDays = Math.max(1, Math.min(30, Math.floor(scope.period.days / 3)))
    const came = await reachRows(context, 'came', { steps, withinDays })
    const rows = by === 'came' ? came : await reachRows(context, by, { steps, withinDays })
    const total = reachTotal(came, steps.at.length)
    const { groups, left } = reachGroups(rows, steps.at.length)
    return {
      by,
      qualifiedFrom: model.declared.qualified_from,
      ...{ total, groups, left },
      steps: [...steps.at],
      stepDays: steps.days,
      returns: { withinDays, curves: returnCurves(came, rows, model) },
      personas: model.declared.personas.map(({ id, name }) => ({ id, name })),
      content: await contentOf(context, { of: content, riseFrom, people: total.people }),
    }
  },
  tables: reachTables,
  notes: reachNotes,
})

/** Place of the rung from which on a rise counts. */
function riseOf({ model, now }: ReportContext, asked: Parameters['rise']): number {
  if (asked === undefined)
    return Math.min(model.rungs.length - 1, rungByReadingAlone(model, now) + 1)
  const place = model.rungs.findIndex(({ id }) => id === asked)
  if (place >= 1) return place
  const known = model.rungs.slice(1).map(({ id }) => id)
  throw new RapportError('invalid_request', `A rise can be to one of ${known.join(', ')}.`)
}

interface ContentQuestion {
  readonly of: 'series' | 'title'
  readonly riseFrom: number
  readonly people: number
}

async function contentOf(
  context: ReportContext,
  { of, riseFrom, people }: ContentQuestion,
): Promise<ReachPicture['content']> {
  const { model, now } = context
  const readers = await contentReaders(context, of)
  const names = readers.map(({ name }) => name)
  const oneIn = Math.max(1, Math.round(people / peopleForContent))
  const rise = model.rungs.slice(riseFrom).map(({ id }) => id)
  const weeks = await contentWeeks(context, { of, names, rise, oneIn })
  const personas = [...model.declared.personas.map(({ id }) => id), '']
  return {
    of,
    rungs: model.rungs.map(({ id, name }) => ({ id, name })),
    rise: rise[0] ?? '',
    byReadingAlone: model.rungs[rungByReadingAlone(model, now)]?.name ?? '',
    ...{ readers, oneIn },
    effects: contentEffects(names, weeks, personas),
  }
}

function reachNotes({ qualifiedFrom, returns, content, left }: ReachPicture): string[] {
  return [
    `Reached: at least one touchpoint in the period, robots never. Qualified: a persona fits by ${qualifiedFrom} % or more, as traits stand now. Shares with Wilson intervals of 95 %.`,
    'How people came: the campaign of their first touchpoint that carried one, else the channel of their very first touchpoint.',
    `Coming again: different days (UTC) with a visit, within ${returns.withinDays} days of the first in the period; people whose ${returns.withinDays} days are not over are left out.`,
    `Content: weeks in which somebody read it against weeks in which somebody on the same rung, of the same persona, in the same four weeks, read as many pieces of something else; a rise within ${riseDays} days counts. Mantel-Haenszel difference of shares (Greenland and Robins 1985), interval by a delete-a-group jackknife over people, corrected for many comparisons after Benjamini and Hochberg (1995). An association, not a proof of effect.`,
    `Reading alone can carry somebody to “${content.byReadingAlone}” in this model; a rise up to there would prove nothing about content.`,
    ...(content.oneIn > 1 ? [`Content was looked at for one in ${content.oneIn} people.`] : []),
    ...(left > 0 ? [`${left} smaller groups are not shown.`] : []),
  ]
}
