import type { LoyaltyPicture, Repeats } from '../../domain/reports/loyalty.ts'
import type { ReportTable } from '../../domain/report-view.ts'

type Column = ReportTable['columns'][number]
const column = (id: string, name: string, unit: Column['unit']): Column => ({ id, name, unit })

export function loyaltyTables(picture: LoyaltyPicture): ReportTable[] {
  return [
    repeatsTable('cohorts', 'Repeats by month of the first choice', picture.cohorts),
    repeatsTable('over_time', 'Repeats by month', picture.overTime),
    {
      id: 'before',
      title: `In the ${picture.before.windowDays} days before looking around`,
      columns: [
        column('kind', 'Touchpoint', 'text'),
        column('people', 'People', 'count'),
        column('days', 'Days with it', 'count'),
        column('lift', 'Times as often', 'number'),
        column('lift_low', 'from', 'number'),
        column('lift_high', 'to', 'number'),
        column('q', 'q (Benjamini-Hochberg)', 'number'),
      ],
      rows: picture.before.kinds.map(({ kind, people, days, lift, q }) => [
        ...[kind, people, days, lift.value, lift.low, lift.high, q],
      ]),
    },
    {
      id: 'now',
      title: 'People who are looking around',
      columns: [
        column('id', 'Id', 'text'),
        column('name', 'Name', 'text'),
        column('rung', 'Rung', 'text'),
        column('health', 'Health', 'text'),
        column('since', 'Since', 'time'),
        column('comparisons', 'Comparisons', 'count'),
        column('last_choice', 'Last choice', 'time'),
        column('choices', 'Choices', 'count'),
      ],
      rows: picture.now.people.map((one) => [
        ...[one.id, one.name, one.rung, one.health, one.since],
        ...[one.comparisons, one.lastChoice, one.choices],
      ]),
    },
  ]
}

const repeatsTable = (id: string, title: string, rows: readonly Repeats[]): ReportTable => ({
  id,
  title,
  columns: [
    column('month', 'Month', 'day'),
    column('people', 'People', 'count'),
    column('repeats', 'Repeats', 'count'),
    column('loyal', 'Without looking around', 'count'),
    column('share', 'Share', 'share'),
    column('share_low', 'from', 'share'),
    column('share_high', 'to', 'share'),
  ],
  rows: rows.map(({ month, people, repeats, loyal, share }) => [
    ...[month, people, repeats, loyal, share.value, share.low, share.high],
  ]),
})
