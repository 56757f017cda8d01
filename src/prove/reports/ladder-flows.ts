import { z } from 'zod'
import { defineReport, type ReportContext } from '../report.ts'
import { ladderFlowsPicture, type LadderFlowsPicture } from '../../domain/reports/ladder-flows.ts'

const parameters = z.object({
  persona: z.string().max(60).optional().describe('Only people whose best persona is this.'),
})

export const ladderFlows = defineReport({
  id: 'ladder-flows',
  title: 'Ladder flows',
  about: 'Between which rungs people moved, where they entered and where they stall.',
  parameters,
  picture: ladderFlowsPicture,
  async draw(context, { persona }) {
    const own = { persona: persona ?? '' }
    return {
      rungs: context.model.rungs.map(({ id, name }) => ({ id, name })),
      flows: await flowsOf(context, own),
      dwell: await dwellOf(context, own),
    }
  },
  tables: ({ flows, dwell }) => [
    {
      id: 'flows',
      title: 'Moves between rungs',
      columns: [
        { id: 'from', name: 'From', unit: 'text' },
        { id: 'to', name: 'To', unit: 'text' },
        { id: 'moves', name: 'Moves', unit: 'count' },
        { id: 'people', name: 'People', unit: 'count' },
      ],
      rows: flows.map(({ from, to, moves, people }) => [from, to, moves, people]),
    },
    {
      id: 'dwell',
      title: 'Time on a rung',
      columns: [
        { id: 'rung', name: 'Rung', unit: 'text' },
        { id: 'arrived', name: 'Arrived', unit: 'count' },
        { id: 'left', name: 'Left', unit: 'count' },
        { id: 'median_days', name: 'Median stay', unit: 'days' },
      ],
      rows: dwell.map(({ rung, arrived, left, medianDays }) => [rung, arrived, left, medianDays]),
    },
  ],
  notes: () => ['A person who moves twice is counted as two moves and one person.'],
})

interface Own {
  readonly persona: string
}

const ofPersona = `kind = 'person' and ({persona: String} = '' or persona = {persona: String})`

async function flowsOf({ rows, scope }: ReportContext, own: Readonly<Record<keyof Own, string>>) {
  return rows<LadderFlowsPicture['flows'][number]>(
    `select nullIf(from_value, '') as from, to_value as to, count() as moves, uniqExact(party_id) as people
     from ${scope.moves} where what = 'rung' and ${ofPersona}
     group by from, to order by moves desc, from, to`,
    own,
  )
}

async function dwellOf({ rows, scope }: ReportContext, own: Readonly<Record<keyof Own, string>>) {
  const stays = await rows<LadderFlowsPicture['dwell'][number]>(
    `select to_value as rung, count() as arrived, countIf(until is not null) as left,
       if(left * 2 >= arrived, quantileExactIf(0.5)(dateDiff('second', at, ifNull(until, now64(3))), 1) / 86400, null) as medianDays
     from (select to_value, at, nullIf(leadInFrame(at) over (partition by party_id order by at
         rows between unbounded preceding and unbounded following), toDateTime64(0, 3, 'UTC')) as until
       from ${scope.moves} where what = 'rung' and ${ofPersona})
     group by rung order by arrived desc`,
    own,
  )
  return stays
}
