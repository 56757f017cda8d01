import type { PathsPicture } from '../../domain/reports/paths.ts'
import type { ReportTable } from '../../domain/report-view.ts'

const between = (steps: readonly string[]): string => steps.join(' → ')

export function pathsTables(picture: PathsPicture): ReportTable[] {
  return [
    sequenceTable(picture, 'sequences', 'Most common ways of those who reached it'),
    sequenceTable(picture, 'otherSequences', 'Most common ways of those who did not'),
    {
      id: 'differences',
      title: 'Which steps made the difference',
      columns: [
        { id: 'steps', name: 'Step, or two in this order', unit: 'text' },
        { id: 'reached', name: 'Reached it, with it', unit: 'count' },
        { id: 'reached_share', name: 'Share', unit: 'share' },
        { id: 'others', name: 'Did not, with it', unit: 'count' },
        { id: 'others_share', name: 'Share', unit: 'share' },
        { id: 'lift', name: 'Lift', unit: 'number' },
        { id: 'lift_low', name: 'from', unit: 'number' },
        { id: 'lift_high', name: 'to', unit: 'number' },
        { id: 'q', name: 'q', unit: 'number' },
      ],
      rows: picture.differences.map(({ lift, ...one }) => [
        ...[between(one.steps), one.reached, one.reachedShare, one.others, one.othersShare],
        ...[lift.value, lift.low, lift.high, one.q],
      ]),
    },
  ]
}

function sequenceTable(
  picture: PathsPicture,
  which: 'sequences' | 'otherSequences',
  title: string,
): ReportTable {
  return {
    id: which === 'sequences' ? 'sequences' : 'other_sequences',
    title,
    columns: [
      { id: 'steps', name: 'Steps', unit: 'text' },
      { id: 'reached', name: 'Reached it', unit: 'count' },
      { id: 'reached_share', name: 'Share of those', unit: 'share' },
      { id: 'others', name: 'Did not', unit: 'count' },
      { id: 'others_share', name: 'Share of those', unit: 'share' },
      { id: 'typical_days', name: 'Typical time', unit: 'days' },
    ],
    rows: picture[which].map((one) => [
      `${one.isCut ? '… → ' : ''}${between(one.steps)}`,
      ...[one.reached, one.reachedShare.value, one.others, one.othersShare.value, one.typicalDays],
    ]),
  }
}
