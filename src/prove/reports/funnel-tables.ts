/** The figures behind a funnel. */
import type { FunnelPicture } from '../../domain/reports/funnel.ts'
import type { ReportTable } from '../../domain/report-view.ts'

export function funnelTables({ steps, groups, people }: FunnelPicture): ReportTable[] {
  const share = (id: string, name: string) => ({ id, name, unit: 'share' }) as const
  const count = (id: string, name: string) => ({ id, name, unit: 'count' }) as const
  const text = (id: string, name: string) => ({ id, name, unit: 'text' }) as const
  const days = (id: string, name: string) => ({ id, name, unit: 'days' }) as const
  return [
    {
      ...{ id: 'steps', title: 'Steps' },
      columns: [
        ...[text('step', 'Step'), count('people', 'People'), share('of_first', 'Of the first')],
        ...[share('of_first_low', 'from'), share('of_first_high', 'to')],
        ...[share('of_previous', 'Of the one before'), share('of_previous_low', 'from')],
        ...[share('of_previous_high', 'to'), count('dropped', 'Came no farther')],
        ...[days('median_days', 'Median time'), count('timed', 'Of people')],
      ],
      rows: steps.map(({ name, people: came, ofFirst, ofPrevious, dropped, days: time }) => [
        ...[name, came, ofFirst?.value ?? null, ofFirst?.low ?? null, ofFirst?.high ?? null],
        ...[ofPrevious?.value ?? null, ofPrevious?.low ?? null, ofPrevious?.high ?? null],
        ...[dropped, time?.median ?? null, time?.people ?? null],
      ]),
    },
    {
      ...{ id: 'next', title: 'Where people went instead' },
      columns: [
        ...[text('step', 'After step'), text('kind', 'Next touchpoint'), count('people', 'People')],
        ...[share('share', 'Share'), share('low', 'from'), share('high', 'to')],
      ],
      rows: steps.flatMap(({ name, next }) =>
        next.map(({ kind, people: went, share: part }) => [
          ...[name, kind ?? 'nothing more', went, part.value, part.low, part.high],
        ]),
      ),
    },
    ...(groups.length === 0
      ? []
      : [
          {
            ...{ id: 'groups', title: 'Broken down' },
            columns: [
              text('group', 'Group'),
              ...steps.map(({ name }, step) => count(`step_${step + 1}`, name)),
              ...[share('share', 'Overall'), share('low', 'from'), share('high', 'to')],
            ],
            rows: groups.map(({ name, people: came, overall }) => [
              ...[name === '' ? 'Not known' : name, ...came],
              ...[overall?.value ?? null, overall?.low ?? null, overall?.high ?? null],
            ]),
          },
        ]),
    ...(people === null
      ? []
      : [
          {
            ...{ id: 'people', title: 'People who came no farther' },
            columns: [
              ...[text('id', 'Id'), text('name', 'Name'), text('rung', 'Rung')],
              { id: 'at', name: 'At', unit: 'time' } as const,
            ],
            rows: people.list.map(({ id, name, rung, at }) => [id, name, rung, at]),
          },
        ]),
  ]
}
