import type { MilestonesPicture } from '../../domain/reports/milestones.ts'
import type { ReportTable } from '../../domain/report-view.ts'

type Column = ReportTable['columns'][number]
const column = (id: string, name: string, unit: Column['unit']): Column => ({ id, name, unit })

export function milestonesTables({ milestones, rung }: MilestonesPicture): ReportTable[] {
  return [
    {
      id: 'milestones',
      title: `Milestones on the way to ${rung.name}`,
      columns: [
        column('kind', 'Milestone', 'text'),
        column('same_as', 'Stands under', 'text'),
        column('people', 'People after it', 'count'),
        column('came_after', 'Came after it', 'count'),
        column('came_without', 'Came without it', 'count'),
        column('days_after', 'Days watched after it', 'number'),
        column('days_without', 'Days watched without it', 'number'),
        column('ratio', 'Times as likely', 'number'),
        column('low', 'from', 'number'),
        column('high', 'to', 'number'),
        column('q', 'q (Benjamini-Hochberg)', 'number'),
        column('stands', 'Sure', 'text'),
        column('chosen_low', 'from, as chosen', 'number'),
        column('chosen_high', 'to, as chosen', 'number'),
      ],
      rows: milestones.map((one) => [
        ...[one.kind, one.sameAs, one.people, one.cameAfter, one.cameWithout],
        ...[one.daysAfter, one.daysWithout],
        ...[one.ratio?.value ?? null, one.ratio?.low ?? null, one.ratio?.high ?? null, one.q],
        ...[one.stands ? 'yes' : 'no', one.chosen?.low ?? null, one.chosen?.high ?? null],
      ]),
    },
  ]
}
