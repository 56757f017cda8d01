import { z } from 'zod'
import { defineReport, type ReportContext } from '../report.ts'
import { RapportError } from '../../domain/error.ts'
import {
  entrySources,
  ladderFlowsPicture,
  type LadderFlowsPicture,
} from '../../domain/reports/ladder-flows.ts'
import { entriesOf, longerThan, standingsAt, staysOf, type Own } from './ladder-flows-queries.ts'
import { ladderFlowsTables } from './ladder-flows-tables.ts'
import { stayOf, thinned } from './ladder-flows-stays.ts'

const parameters = z.object({
  persona: z.string().max(60).optional().describe('Only people whose best persona is this.'),
  columns: z.coerce
    .number()
    .int()
    .min(2)
    .max(6)
    .default(4)
    .describe('At how many moments of the period it is looked who stands where.'),
  entry: z
    .enum(entrySources)
    .default('channel')
    .describe('What of the first touchpoint people who came in are told apart by.'),
  rung: z
    .string()
    .max(60)
    .optional()
    .describe('A rung: its curve of stays, and who has been there longer than is usual.'),
})
type Asked = z.infer<typeof parameters>

export const ladderFlows = defineReport({
  id: 'ladder-flows',
  title: 'Ladder flows',
  about: 'Who moved between which rungs, how long people stay, where they enter and stall.',
  parameters,
  picture: ladderFlowsPicture,
  draw,
  tables: ladderFlowsTables,
  notes: () => [
    'A person is counted where they stood at each moment; moves between two moments cancel out.',
    'Stays: all that began by the end of the period, not only in it. Who is still there then is censored. Median by Kaplan and Meier (1958), interval of 95 % by Greenwood and by Brookmeyer and Crowley (1982), to the hour.',
    'Stalled: there longer than the median stay of all who have stood there; share with the interval of Wilson (1927).',
    'Entry: the rung of the first move, by the first touchpoint that was the person’s own.',
  ],
})

async function draw(context: ReportContext, asked: Asked): Promise<LadderFlowsPicture> {
  const { model, scope, now } = context
  const rungs = model.rungs.map(({ id, name }) => ({ id, name }))
  const place = new Map(rungs.map(({ id }, index) => [id, index]))
  if (asked.rung !== undefined && !place.has(asked.rung)) {
    const known = rungs.map(({ id }) => id).join(', ')
    throw new RapportError('invalid_request', `“${asked.rung}” is no rung. They are ${known}.`)
  }
  const cuts = cutsOf(scope.from, Math.max(scope.from + 1, Math.min(scope.to, now)), asked.columns)
  const own: Own = { persona: asked.persona ?? '', cuts }
  const standings = await standingsAt(context, own)
  const change = standings.flatMap(({ cut, ...one }) => (cut === -1 ? [one] : []))
  const stays = (await staysOf(context, own)).filter(({ rung }) => place.has(rung))
  stays.sort((one, other) => (place.get(one.rung) ?? 0) - (place.get(other.rung) ?? 0))
  return {
    rungs: rungs.map((rung) => ({ ...rung, people: endingAt(change, rung.id) })),
    cuts: cuts.map((at) => new Date(at).toISOString()),
    flows: standings.filter(({ cut }) => cut >= 0),
    change,
    summary: summaryOf(change, place),
    stays: stays.map(stayOf),
    entries: await entriesOf(context, own, asked.entry),
    entryBy: asked.entry,
    chosen: await chosenOf(
      context,
      own,
      stays.find(({ rung }) => rung === asked.rung),
    ),
  }
}

/** Evenly spread, the first and the last moment among them. */
function cutsOf(from: number, to: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, i) =>
    Math.round(from + ((to - from) * i) / (columns - 1)),
  )
}

type Change = LadderFlowsPicture['change']

const endingAt = (change: Change, rung: string): number =>
  change.reduce((sum, { to, people }) => sum + (to === rung ? people : 0), 0)

function summaryOf(
  change: Change,
  place: ReadonlyMap<string, number>,
): LadderFlowsPicture['summary'] {
  const at = (rung: string): number => place.get(rung) ?? -1
  const count = (test: (one: Change[number]) => boolean): number =>
    change.reduce((sum, one) => sum + (test(one) ? one.people : 0), 0)
  return {
    atStart: count(({ from }) => from !== ''),
    entered: count(({ from, to }) => from === '' && to !== ''),
    rose: count(({ from, to }) => from !== '' && at(to) > at(from)),
    fell: count(({ from, to }) => from !== '' && at(to) < at(from)),
    leftUnaware: count(({ from, to }) => at(to) === 0 && at(from) !== 0),
    atEnd: count(({ to }) => to !== ''),
  }
}

async function chosenOf(
  context: ReportContext,
  own: Own,
  stays: Parameters<typeof stayOf>[0] | undefined,
): Promise<LadderFlowsPicture['chosen']> {
  if (stays === undefined) return null
  const { rung } = stays
  const days = stayOf(stays).medianDays.value
  const people = days === null ? [] : await longerThan(context, own, { rung, days })
  return { rung, ...thinned(stays), people }
}
