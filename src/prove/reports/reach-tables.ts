import type { ReachPicture } from '../../domain/reports/reach.ts'
import type { ReportTable } from '../../domain/report-view.ts'

type Column = ReportTable['columns'][number]

const column = (id: string, name: string, unit: Column['unit']): Column => ({ id, name, unit })
const interval = (id: string, name: string): Column[] => [
  column(id, name, 'share'),
  column(`${id}_low`, 'from', 'share'),
  column(`${id}_high`, 'to', 'share'),
]

export function reachTables(picture: ReachPicture): ReportTable[] {
  const personaName = new Map(picture.personas.map(({ id, name }) => [id, name]))
  return [
    groupsTable(picture),
    timeTable(picture),
    {
      id: 'returns',
      title: 'Who came again',
      columns: [
        column('of', 'Of', 'text'),
        column('time', 'Day', 'count'),
        column('people', 'People', 'count'),
        ...interval('share', 'Share'),
      ],
      rows: picture.returns.curves.flatMap(
        ({ name, times }) =>
        times.map(({ people, share }, i) => [name, i + 1, people, share.value, share.low, share.high]), // prettier-ignore
      ),
    },
    {
      id: 'content',
      title: 'Content and rises after it',
      columns: [
        column('content', 'Content', 'text'),
        column('persona', 'Persona', 'text'),
        column('weeks', 'Weeks with it', 'count'),
        column('rose', 'followed by a rise', 'count'),
        column('share', 'Share', 'share'),
        column('comparable', 'Comparable weeks without', 'share'),
        ...interval('difference', 'Difference'),
        column('q', 'q (Benjamini-Hochberg)', 'number'),
      ],
      rows: picture.content.effects.map(
        ({ name, persona, weeks, rose, share, comparable, difference, q }) => [
          name,
          persona === null ? 'Everybody' : (personaName.get(persona) ?? 'Fits none'),
          ...[weeks, rose, share, comparable, difference.value, difference.low, difference.high, q],
        ],
      ),
    },
  ]
}

const groupsTable = ({ groups, total }: ReachPicture): ReportTable => ({
  id: 'groups',
  title: 'Reach, raw and qualified',
  columns: [
    column('kind', 'What', 'text'),
    column('id', 'Name', 'text'),
    column('people', 'People', 'count'),
    column('qualified', 'Qualified', 'count'),
    ...interval('qualified_share', 'Qualified share'),
    column('visits', 'Visits', 'count'),
    column('customers', 'Customers', 'count'),
    ...interval('customer_share', 'Customer share'),
  ],
  rows: [...groups, { ...total, kind: 'all' as const, id: 'all' }].map((group) => [
    ...[group.kind, group.id, group.people, group.qualified],
    ...[group.qualifiedShare.value, group.qualifiedShare.low, group.qualifiedShare.high],
    ...[group.visits, group.customers],
    ...[group.customerShare.value, group.customerShare.low, group.customerShare.high],
  ]),
})

const timeTable = ({ groups, total, steps }: ReachPicture): ReportTable => ({
  id: 'time',
  title: 'Reach over time',
  columns: [
    column('from', 'From', 'day'),
    column('id', 'Name', 'text'),
    column('people', 'People', 'count'),
    column('qualified', 'Qualified', 'count'),
  ],
  rows: [total, ...groups].flatMap(({ id, peopleOverTime, qualifiedOverTime }) =>
    steps.map((from, i) => [from, id, peopleOverTime[i] ?? 0, qualifiedOverTime[i] ?? 0]),
  ),
})
