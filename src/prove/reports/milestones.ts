import { z } from 'zod'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { milestonesPicture, type MilestonesPicture } from '../../domain/reports/milestones.ts'
import { RapportError } from '../../domain/error.ts'
import { defineReport } from '../report.ts'
import { milestoneEffects, type Milestone } from '../milestones.ts'
import { milestoneRows, type PersonHistory } from '../milestone-rows.ts'
import { commonKinds, personRows, sampleOf, type PersonRow } from './milestones-queries.ts'
import { milestonesTables } from './milestones-tables.ts'
import type { CompiledModel } from '../../relationship/compile-model.ts'

const parameters = z.object({
  rung: z.string().max(100).optional().describe('Where people come to. Default: the highest rung.'),
})

export const milestones = defineReport({
  id: 'milestones',
  title: 'Milestones',
  about: 'What people had done before they became advocates, and how much sooner they came for it.',
  parameters,
  picture: milestonesPicture,
  async draw(context, asked) {
    const { scope, model } = context
    const { rung, at } = rungOf(model, asked.rung)
    const oneIn = await sampleOf(context)
    const rungs = model.rungs.slice(at).map(({ id }) => id)
    const rows = await personRows(context, { oneIn, rungs })
    const kinds = commonKinds(rows)
    const people = rows.flatMap((row) => historyOf(row, kinds, scope))
    const found = milestoneEffects(milestoneRows(people, kinds.length), kinds, { most: mostTold })
    return {
      rung,
      rungs: model.rungs.slice(1).map(({ id, name }) => ({ id, name })),
      ...{ people: found.people, came: found.events, oneIn },
      milestones: found.milestones.map(milestoneOf).toSorted(byRatio),
      concordance: found.fit?.concordance ?? null,
      isHeld: (found.fit?.ridge ?? null) !== null,
    }
  },
  tables: milestonesTables,
  notes: milestonesNotes,
})

/** Beyond so many milestones a picture says less, not more. */
const mostTold = 15

function rungOf({ rungs }: CompiledModel, id: string | undefined) {
  const at = id === undefined ? rungs.length - 1 : rungs.findIndex((rung) => rung.id === id)
  const rung = rungs[at]
  if (rung === undefined || at === 0)
    throw new RapportError(
      'invalid_request',
      `There is no rung "${id}" to come to. There are: ${rungs
        .slice(1)
        .map((one) => one.id)
        .join(', ')}.`,
    )
  return { at, rung: { id: rung.id, name: rung.name } }
}

/**
 * A person in days since it was first met: watched from then, or from the begin of the period, until it
 * came to the rung or the period ended. Nobody where it had come before.
 */
function historyOf(
  { came, kinds: done, firsts }: PersonRow,
  kinds: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): PersonHistory[] {
  const first = firsts.reduce((least, at) => Math.min(least, at), Infinity)
  const days = (at: number): number => (at - first) / dayMilliseconds
  const begin = Math.max(first, from)
  if (came <= begin) return []
  return [
    {
      ...{ from: days(begin), until: days(Math.min(came, to)), happened: came < to },
      reached: kinds.map((kind) => {
        const at = firsts[done.indexOf(kind)]
        return at === undefined ? null : days(at)
      }),
    },
  ]
}

function milestoneOf({
  name,
  support,
  sameAs,
  effect,
}: Milestone): MilestonesPicture['milestones'][number] {
  const { people, eventsAfter, eventsBefore, timeAfter, timeBefore } = support
  return {
    ...{ kind: name, sameAs, people, cameAfter: eventsAfter, cameWithout: eventsBefore },
    ...{ daysAfter: timeAfter, daysWithout: timeBefore },
    ratio: effect && { value: effect.hazardRatio, low: effect.low, high: effect.high },
    ...{ q: effect?.adjusted ?? null, stands: effect?.stands ?? false },
    chosen: effect && { low: effect.chosen.low, high: effect.chosen.high },
  }
}

type One = MilestonesPicture['milestones'][number]
/** The strongest first; those of which nothing can be said last. */
const byRatio = (one: One, other: One): number =>
  (other.ratio?.value ?? -1) - (one.ratio?.value ?? -1) || other.people - one.people

function milestonesNotes({ rung, oneIn, isHeld }: MilestonesPicture): string[] {
  return [
    `Each person is watched from the first touchpoint (or the begin of the period) until coming to ${rung.name} for the first time, or to the end of the period. A milestone counts from the moment after it was first reached, so nobody's time before it counts for it. All milestones are in one model of proportional hazards (Cox 1972; ties after Efron 1977; robust errors after Lin and Wei 1989), over the days since the first touchpoint.`,
    'Of many milestones some stand out by chance: those marked as sure have a q of at most .05 (Benjamini and Hochberg 1995); their wider intervals allow for having been chosen (Benjamini and Yekutieli 2005). At least five people must have come after a milestone, and five without it.',
    'Milestones that come together nearly always (correlation over .8) cannot be told apart and stand as one.',
    'What goes together, not what causes: who is about to come may reach milestones for that reason, and some milestones are part of how the rung is defined.',
    ...(oneIn > 1 ? [`One in ${oneIn} persons was looked at, chosen by chance.`] : []),
    ...(isHeld
      ? [
          'Some milestones always come together, or always lead there: a weak ridge was added to the model.',
        ]
      : []),
  ]
}
