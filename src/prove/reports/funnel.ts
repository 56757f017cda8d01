import { z } from 'zod'
import { RapportError } from '../../domain/error.ts'
import { funnelPicture, type FunnelPicture } from '../../domain/reports/funnel.ts'
import { touchpointKinds } from '../../domain/touchpoint-kind.ts'
import { proportion } from '../../math/binomial-interval.ts'
import { quantileOfSorted } from '../../math/quantile.ts'
import { dayMilliseconds } from '../../relationship/duration.ts'
import { anyOrderChain, funnelChain } from '../funnel-chain.ts'
import { funnelSteps } from '../funnel.ts'
import { defineReport, type ReportContext } from '../report.ts'
import { funnelDropped, funnelLevels, funnelWalks, type FunnelQuestion, type Walk } from './funnel-queries.ts' // prettier-ignore
import { funnelTables } from './funnel-tables.ts'
import { parseSteps, type Rung, type Step } from './steps.ts'

const parameters = z.object({
  steps: z
    .string()
    .max(2000)
    .optional()
    .describe(
      '2 to 8 steps divided by commas: a kind (`page_viewed`), narrower with `|event=`, `|channel=`, ' +
        '`|campaign=` or `|prop.NAME=` and a percent-encoded value, or `rung:customer`. ' +
        'Default: the rungs of the model from the second to the seventh.',
    ),
  window: z.coerce
    .number()
    .min(0.01)
    .max(730)
    .default(30)
    .describe('Days within which all steps must follow the first.'),
  order: z
    .enum(['strict', 'any'])
    .default('strict')
    .describe('`strict`: in this order, with anything between. `any`: all of them in any order.'),
  by: z
    .enum(['channel', 'campaign', 'persona', 'trait'])
    .optional()
    .describe('Broken down by channel or campaign of the first touch, by persona, or by a trait.'),
  trait: z.string().max(100).optional().describe('Name of the trait, for `by=trait`.'),
  dropped: z.coerce
    .number()
    .int()
    .min(1)
    .max(7)
    .optional()
    .describe('Lists people who came to this step and no farther.'),
})
type Parameters = z.infer<typeof parameters>

/** Times are of about so many people: enough for a median to the percent. */
const peopleInSample = 20_000
const mostGroups = 12
const mostNext = 6

export const funnel = defineReport({
  id: 'funnel',
  title: 'Funnel',
  about: 'How many people took each step, how long it took them, and where the others went.',
  parameters,
  picture: funnelPicture,
  async draw(context, asked) {
    const question = questionOf(context.model.rungs, asked)
    const levels = await funnelLevels(context, question)
    const { counts, groups } = countLevels(levels, question)
    const steps = funnelSteps(
      question.steps.map(({ name }) => name),
      counts,
    )
    const begun = steps[0]?.count ?? 0
    const thousandths = Math.min(1000, Math.ceil((1000 * peopleInSample) / Math.max(1, begun)))
    const walks = begun === 0 ? [] : await funnelWalks(context, question, thousandths)
    const seen = readWalks(walks, question)
    const after = asked.dropped
    return {
      order: question.order,
      windowDays: asked.window,
      steps: steps.map(({ name, count, ofFirst, ofPrevious }, step) => ({
        ...{ text: question.steps[step]?.text ?? '', name, ofFirst, ofPrevious },
        people: count,
        dropped: step === steps.length - 1 ? 0 : (counts[step + 1] ?? 0),
        days: spread(seen.gaps[step] ?? []),
        next: seen.next[step] ?? [],
      })),
      overall: steps.at(-1)?.ofFirst ?? null,
      by: question.by,
      groups,
      sample: thousandths / 1000,
      people: await peopleOf(context, question, after),
    }
  },
  tables: funnelTables,
  notes: ({ order, sample }) => [
    order === 'strict'
      ? 'The longest chain of steps in this order, all within the window after the first; anything may lie between (ClickHouse windowFunnel).'
      : 'A person came to step k where the first k steps all happened within the window, in any order.',
    'Everything is of this period: who began shortly before its end had less time to go on.',
    'Shares with the 95 % interval of Wilson (1927).',
    ...(sample < 1
      ? [
          `Times and what came next are of ${(sample * 100).toFixed(1)} % of the people, drawn by the hash of their id.`,
        ]
      : []),
    'Reaching a rung is coming to it, or past it, from below.',
  ],
})

function questionOf(rungs: readonly Rung[], asked: Parameters): FunnelQuestion {
  const usual = rungs.slice(1, 7).map(({ id }) => `rung:${id}`)
  const steps: Step[] = parseSteps(asked.steps ?? usual.join(','), rungs)
  if (steps.length < 2 || steps.length > 8)
    throw new RapportError('invalid_request', 'A funnel has 2 to 8 steps.')
  if (asked.by === 'trait' && !asked.trait)
    throw new RapportError('invalid_request', 'Say which trait, for example by=trait&trait=plan.')
  if (asked.dropped !== undefined && asked.dropped >= steps.length)
    throw new RapportError('invalid_request', 'Nobody drops out after the last step.')
  const { order, window, by = null, trait = '' } = asked
  return {
    ...{ steps, order, by, trait },
    rungs: rungs.map(({ id, name }) => ({ id, name })),
    window: Math.round(window * dayMilliseconds),
  }
}

function countLevels(
  levels: readonly { level: number; name: string; people: number }[],
  { steps, by }: FunnelQuestion,
): { counts: number[]; groups: FunnelPicture['groups'] } {
  const empty = (): number[] => Array.from({ length: steps.length + 1 }, () => 0)
  const counts = empty()
  const named = new Map<string, number[]>()
  for (const { level, name, people } of levels) {
    counts[level] = (counts[level] ?? 0) + people
    const group = named.get(name) ?? empty()
    named.set(name, group)
    group[level] = (group[level] ?? 0) + people
  }
  const groups = [...named].map(([name, own]) => {
    const { people, overall } = stepCounts(own)
    return { name, people, overall }
  })
  const known = groups.sort((a, b) => (b.people[0] ?? 0) - (a.people[0] ?? 0) || (a.name < b.name ? -1 : 1)) // prettier-ignore
  return { counts, groups: by === null ? [] : known.slice(0, mostGroups) }
}

function stepCounts(levels: readonly number[]) {
  const steps = funnelSteps(
    levels.slice(1).map(() => ''),
    levels,
  )
  return { people: steps.map(({ count }) => count), overall: steps.at(-1)?.ofFirst ?? null }
}

/** Days between steps, and what came next for those who came no farther. */
function readWalks(walks: readonly Walk[], { steps, order, window }: FunnelQuestion) {
  const options = { stepCount: steps.length, window }
  const gaps: number[][] = steps.map(() => [])
  const counts = steps.map(() => new Map<string | null, number>())
  for (const { times, masks, kinds } of walks) {
    const events = { times, fulfils: masks }
    const chain = (order === 'strict' ? funnelChain : anyOrderChain)(events, options)
    for (let step = 1; step < chain.length; step++) {
      const gap = (chain[step] ?? 0) - (chain[step - 1] ?? 0)
      gaps[step]?.push(gap / dayMilliseconds)
    }
    const last = chain.at(-1)
    const count = counts[chain.length - 1]
    if (last === undefined || count === undefined || chain.length === steps.length) continue
    const next = times.findIndex((time, i) => time > last && (kinds[i] ?? 0) > 0)
    const kind = touchpointKinds[(kinds[next] ?? 0) - 1] ?? null
    count.set(kind, (count.get(kind) ?? 0) + 1)
  }
  const next = counts.map((count) => {
    const total = [...count.values()].reduce((sum, one) => sum + one, 0)
    return [...count]
      .sort(([a, people], [b, other]) => other - people || (String(a) < String(b) ? -1 : 1))
      .slice(0, mostNext)
      .flatMap(([kind, people]) => {
        const share = proportion(people, total)
        return share === null ? [] : [{ kind, people, share }]
      })
  })
  return { gaps, next }
}

function spread(gaps: readonly number[]): FunnelPicture['steps'][number]['days'] {
  if (gaps.length === 0) return null
  const sorted = Float64Array.from(gaps).sort()
  const at = (share: number): number => quantileOfSorted(sorted, share)
  return { median: at(0.5), quarter: at(0.25), threeQuarters: at(0.75), people: gaps.length }
}

async function peopleOf(
  context: ReportContext,
  question: FunnelQuestion,
  after: number | undefined,
): Promise<FunnelPicture['people']> {
  if (after === undefined) return null
  return { after, list: await funnelDropped(context, question, after) }
}
