import { z } from 'zod'
import { defineReport, type ReportContext } from '../report.ts'
import { matchCuts } from '../matched-cut.ts'
import { stepDifferences, type StepDifference } from '../paths.ts'
import { seededRandom } from '../../math/random.ts'
import { pathsPicture, pathSteps, type PathsPicture } from '../../domain/reports/paths.ts'
import { flowBefore, sequencesOf, type Compared } from './paths-picture.ts'
import { pathsTables } from './paths-tables.ts'
import { parseStep, type Rung, type Step } from './steps.ts'
import {
  countPeople,
  mostOthers,
  mostReached,
  mostSteps,
  walksOfOthers,
  walksReached,
  type Walked,
} from './paths-queries.ts'

const parameters = z.object({
  outcome: z
    .string()
    .max(200)
    .optional()
    .describe('Where the paths lead: `rung:advocate`, or a kind such as `purchase` or `review`. Default: the highest rung.'), // prettier-ignore
  by: z
    .enum(pathSteps)
    .default('kind')
    .describe('What a step is: the kind of a touchpoint, its channel, or a series or piece of content.'), // prettier-ignore
  steps: z.coerce
    .number()
    .int()
    .min(2)
    .max(8)
    .default(4)
    .describe('How many different steps before the outcome are shown.'),
})
type Asked = z.infer<typeof parameters>

/** Differences that are told, the surest first. */
const mostDifferences = 200

export const paths = defineReport({
  id: 'paths',
  title: 'Paths to advocacy',
  about: 'The ways people come to an outcome, and which steps made the difference.',
  parameters,
  picture: pathsPicture,
  draw,
  tables: pathsTables,
  notes: ({ compared, people }) => [
    'Association, not proof: whoever is keen does more of everything. It says where to try; an experiment says what works.',
    `Equal observation: each history of those who did not reach it is cut after as many steps as one who did had taken before; ${compared.window > 0 ? `of longer ones the last ${compared.window} steps are compared` : 'nobody could be compared'}.`,
    'Lift: how many times as common a step is among those who reached it; interval of 95 % by Katz et al. (1978), half a case added where a side has nobody. Sure: q, the p of Fisher’s exact test adjusted over all steps and pairs by Benjamini and Hochberg (1995), is below 5 %. Shares with the interval of Wilson (1927).',
    'Steps are what people did; what was merely sent to them is none. Repeats of a step are one.',
    ...(people.reached > mostReached || people.others > mostOthers
      ? [`Drawn by chance: ${mostReached} of those who reached it and ${mostOthers} of the others at most.`] // prettier-ignore
      : []),
  ],
})

async function draw(context: ReportContext, asked: Asked): Promise<PathsPicture> {
  const rungs = context.model.rungs.map(({ id, name }) => ({ id, name }))
  const outcome = parseStep(asked.outcome ?? `rung:${rungs.at(-1)?.id ?? ''}`, rungs)
  const question = { outcome, rungs, by: asked.by }
  const people = await countPeople(context, question)
  const reached = await walksReached(context, question, mostSteps)
  const others = reached.length === 0 ? [] : await walksOfOthers(context, question)
  const compared = comparedEqually(reached, others)
  const { journeys, window } = compared
  const sequences = sequencesOf(compared, asked.steps)
  const size = journeys.reached.length
  const differences = stepDifferences(journeys, { pairs: true })
  return {
    outcome: nameOf(outcome, rungs),
    by: asked.by,
    people,
    compared: {
      reached: compared.winners,
      others: size - compared.winners,
      without: Math.max(0, Math.min(people.reached, mostReached) - reached.length),
      window,
      questions: differences.length,
    },
    flow: flowBefore(compared, asked.steps),
    ...sequences,
    differences: differences.slice(0, mostDifferences).map(told),
  }
}

function nameOf(outcome: Step, rungs: readonly Rung[]): PathsPicture['outcome'] {
  const rung = rungs.find(({ id }) => id === outcome.rung)
  return { id: outcome.text, name: rung?.name ?? outcome.name, isRung: rung !== undefined }
}

const told = (one: StepDifference): PathsPicture['differences'][number] => ({
  steps: [...one.steps],
  reached: one.reached.with,
  others: one.others.with,
  reachedShare: one.reached.with / one.reached.of,
  othersShare: one.others.with / one.others.of,
  lift: { value: one.lift.value, low: one.lift.low, high: one.lift.high },
  isCorrected: one.lift.isCorrected,
  q: one.q,
})

/** Journeys of those who reached it, then those of their partners, each cut where it is compared. */
export function comparedEqually(
  reached: readonly Walked[],
  others: readonly Pick<Walked, 'steps' | 'hours'>[],
): Compared {
  const matched = matchCuts({
    before: reached.map(({ before }) => before),
    others: others.map(({ steps }) => steps.length),
    // The same people are drawn each time, so that a link shows the same picture.
    random: seededRandom('paths'),
  })
  const { window } = matched
  const cut = (steps: readonly string[], hours: readonly number[], at: number, end: number) => ({
    steps: steps.slice(Math.max(0, at - window), at),
    hours: hours.slice(Math.max(0, at - window), at).map((hour) => end - hour),
  })
  const walks = [
    ...matched.reached.map((place) => {
      const { steps, hours, reachedAt } = reached[place] ?? { steps: [], hours: [], reachedAt: 0 }
      return cut(steps, hours, steps.length, reachedAt)
    }),
    ...matched.cuts.map(({ other, at }) => {
      const { steps, hours } = others[other] ?? { steps: [], hours: [] }
      return cut(steps, hours, at, hours[at - 1] ?? 0)
    }),
  ]
  return { ...columnsOf(walks, matched.reached.length), window, winners: matched.reached.length }
}

function columnsOf(
  walks: readonly { readonly steps: readonly string[]; readonly hours: readonly number[] }[],
  winners: number,
): Pick<Compared, 'journeys' | 'hoursBefore'> {
  const places = new Map<string, number>()
  const offsets = new Int32Array(walks.length + 1)
  for (const [j, { steps }] of walks.entries()) offsets[j + 1] = (offsets[j] ?? 0) + steps.length
  const steps = new Int32Array(offsets.at(-1) ?? 0)
  const hoursBefore = new Float64Array(steps.length)
  for (const [j, walk] of walks.entries()) {
    const from = offsets[j] ?? 0
    for (const [i, name] of walk.steps.entries()) {
      const place = places.get(name) ?? places.size
      places.set(name, place)
      steps[from + i] = place
      hoursBefore[from + i] = walk.hours[i] ?? 0
    }
  }
  const reached = Uint8Array.from(walks, (_, j) => (j < winners ? 1 : 0))
  return { journeys: { names: [...places.keys()], steps, offsets, reached }, hoursBefore }
}
