import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { attributionMethods, attributionPicture, type AttributionMethod } from '../../domain/reports/attribution.ts' // prettier-ignore
import { dayMilliseconds } from '../../relationship/duration.ts'
import { orderOf } from '../attribution/attribute.ts'
import { ruleNames, usualHalfLife } from '../attribution/rules.ts'
import { defineReport, type ReportContext } from '../report.ts'
import { commonPaths, creditPaths } from './attribution-credits.ts'
import { currencyOf, newestOutcomes, openOutcome } from './attribution-outcomes.ts'
import { countPaths, longestPath, touchCodes, type PathQuestion } from './attribution-paths.ts'
import { attributionTables } from './attribution-tables.ts'
import { parseStep, type Rung } from './steps.ts'

const parameters = z.object({
  outcome: z
    .string()
    .max(500)
    .optional()
    .describe(
      'What is shared out: `purchase`, `rung:customer`, `review`, `referral`, any kind, narrower as in ' +
        'a funnel. Default: reaching the rung `customer`, where the model has it, else a purchase.',
    ),
  which: z
    .enum(['first', 'each'])
    .default('first')
    .describe('`first`: the first outcome ever of each person. `each`: all, each from the one before.'), // prettier-ignore
  lookback: z.coerce
    .number()
    .min(1)
    .max(730)
    .default(90)
    .describe('Days before the outcome in which touches count.'),
  by: z
    .enum(['channel', 'campaign', 'kind'])
    .default('campaign')
    .describe('Shared among channels, channels with their campaigns, or kinds of touchpoint.'),
  touches: z.enum(['reach', 'all']).default('reach').describe(
    '`reach`: what brings people here (not visits by themselves, not use of the product). `all`: all that they did.', // prettier-ignore
  ),
  method: z.enum(attributionMethods).default('markov_2').describe('Which one the picture shows.'),
  half_life: z.coerce
    .number()
    .min(0.1)
    .max(365)
    .default(usualHalfLife)
    .describe('Days in which the weight of a touch halves, for time decay.'),
  intervals: z
    .enum(['yes', 'no'])
    .default('no')
    .describe('Intervals by drawing the journeys anew; takes a few seconds on much data.'),
  party: z.uuid().optional().describe('Opens one outcome: of this person ...'),
  at: z.iso.datetime().optional().describe('... at this time.'),
})
type Parameters = z.infer<typeof parameters>

const pathsShown = 12

export const attribution = defineReport({
  id: 'attribution',
  title: 'Attribution',
  about: 'Which touches get the credit for an outcome, by every method side by side.',
  parameters,
  picture: attributionPicture,
  async draw(context, asked) {
    const methods = methodsOf(asked.method)
    const question = await questionOf(context, asked)
    const codes = await touchCodes(context, question)
    const paths = await countPaths(context, question, codes)
    const [outcomes, credited] = await Promise.all([
      newestOutcomes(context, question),
      // Meanwhile: the lens works in threads of its own.
      setImmediate().then(() =>
        creditPaths(paths, codes, {
          ...{ methods, method: asked.method, halfLife: asked.half_life },
          hasIntervals: asked.intervals === 'yes',
        }),
      ),
    ])
    const { totals } = credited.attribution
    const common = (of: 'reached' | 'others') => commonPaths(paths, codes, { of, most: pathsShown })
    return {
      outcome: question.outcome.name,
      ...{ methods, method: asked.method, hasIntervals: asked.intervals === 'yes' },
      currency: question.currency,
      totals: {
        ...{ outcomes: totals.conversions, value: totals.value, others: totals.nulls },
        unattributed: totals.unattributedConversions,
        ...{ touches: totals.steps, distinctPaths: paths.length },
      },
      channels: credited.channels,
      ...{ won: common('reached'), lost: common('others') },
      outcomes,
      opened:
        asked.party === undefined || asked.at === undefined
          ? null
          : await openOutcome(context, { ...question, methods }, {
              ...{ party: asked.party, at: Date.parse(asked.at), codes, credited },
            }), // prettier-ignore
    }
  },
  tables: attributionTables,
  notes: (picture, asked) => [
    'Attribution is a convention for sharing credit, not proof that a touch caused anything.',
    `Each outcome is shared out once by each method: its parts add up to it. Touches of the ${asked.lookback} days before it count; one right after another on the same channel is one.`,
    asked.which === 'first'
      ? 'Only the first outcome ever of each person counts. Who had it before this period is left out; who has not had it counts with the touches before their last one.'
      : 'Every outcome counts, with the touches since the one before. Who had none in this period counts with the touches before their last one.',
    asked.touches === 'reach'
      ? 'Touches are what brings people here: no visits by themselves (direct), no use of site or product, no ad click (the visit that it led to is the touch), nothing that was only delivered.'
      : 'Touches are all that people did, except the outcome itself.',
    'First, last, linear, position 40/20/40, time decay 2^(-days / half-life). Markov: removal effects of the chain over the last k touches (Anderl et al. 2016). Order 1 forgets what came before the last touch, so what leads to a good channel is praised with it. Shapley: the outcome shared equally by the distinct channels of its path (Zhao et al. 2018).',
    `Paths longer than ${longestPath} keep their first step and their last ${longestPath - 1}.`,
    ...(picture.hasIntervals
      ? ['Intervals of 95 %: journeys drawn anew (Poisson bootstrap), the number of outcomes as seen.'] // prettier-ignore
      : []),
  ],
})

/** All rules, Markov of one order, Shapley. */
function methodsOf(method: AttributionMethod): AttributionMethod[] {
  return [...ruleNames, orderOf(method) === null ? 'markov_2' : method, 'shapley']
}

async function questionOf(context: ReportContext, asked: Parameters): Promise<PathQuestion> {
  if ((asked.party === undefined) !== (asked.at === undefined))
    throw new RapportError('invalid_request', 'To open an outcome, say both party and at.')
  const rungs = context.model.rungs.map(({ id, name }): Rung => ({ id, name }))
  const usual = rungs.some(({ id }) => id === 'customer') ? 'rung:customer' : 'purchase'
  const outcome = parseStep(asked.outcome ?? usual, rungs)
  const { currency } = await currencyOf(context, { outcome, rungs })
  return {
    ...{ outcome, rungs, currency, which: asked.which, by: asked.by, touches: asked.touches },
    ...{ lookback: Math.round(asked.lookback * dayMilliseconds), halfLife: asked.half_life },
  }
}
