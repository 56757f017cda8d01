import type { LadderFlowsPicture } from '../../domain/reports/ladder-flows.ts'
import type { ReportTable } from '../../domain/report-view.ts'

export function ladderFlowsTables(picture: LadderFlowsPicture): ReportTable[] {
  const { rungs, cuts, flows, change, stays, entries } = picture
  const names = new Map(rungs.map(({ id, name }) => [id, name]))
  const nameOf = (id: string): string => (id === '' ? 'Not here yet' : (names.get(id) ?? id))
  const from = { id: 'from', name: 'From', unit: 'text' } as const
  const to = { id: 'to', name: 'To', unit: 'text' } as const
  const people = { id: 'people', name: 'People', unit: 'count' } as const
  const rung = { id: 'rung', name: 'Rung', unit: 'text' } as const
  return [
    {
      id: 'flows',
      title: 'Moves between one moment and the next',
      columns: [
        { id: 'at', name: 'From moment', unit: 'time' },
        { id: 'until', name: 'To moment', unit: 'time' },
        ...[from, to, people],
      ],
      rows: flows.map((one) => [
        cuts[one.cut] ?? null,
        cuts[one.cut + 1] ?? null,
        ...[nameOf(one.from), nameOf(one.to), one.people],
      ]),
    },
    {
      id: 'change',
      title: 'From the start to the end',
      columns: [from, to, people],
      rows: change.map((one) => [nameOf(one.from), nameOf(one.to), one.people]),
    },
    {
      id: 'stays',
      title: 'Time on a rung, and who stalls',
      columns: [
        rung,
        { id: 'stays', name: 'Stays', unit: 'count' },
        { id: 'over', name: 'Of them over', unit: 'count' },
        { id: 'median_days', name: 'Median stay', unit: 'days' },
        { id: 'median_low', name: 'from', unit: 'days' },
        { id: 'median_high', name: 'to', unit: 'days' },
        { id: 'here', name: 'There at the end', unit: 'count' },
        { id: 'longer', name: 'Longer than the median', unit: 'count' },
        { id: 'longer_share', name: 'Share', unit: 'share' },
        { id: 'longer_low', name: 'from', unit: 'share' },
        { id: 'longer_high', name: 'to', unit: 'share' },
      ],
      rows: stays.map(({ medianDays, longerShare, ...one }) => [
        ...[nameOf(one.rung), one.stays, one.over],
        ...[medianDays.value, medianDays.low, medianDays.high],
        ...[one.here, one.longer, longerShare.value, longerShare.low, longerShare.high],
      ]),
    },
    {
      id: 'entries',
      title: 'Where people enter',
      columns: [{ id: 'source', name: 'First touchpoint', unit: 'text' }, rung, people],
      rows: entries.map((one) => [one.source || 'not known', nameOf(one.rung), one.people]),
    },
  ]
}
