/** The curve of all cohorts together, of each group, and of what it is compared with. */
import type { ComponentProps, ReactNode } from 'react'
import type { RetentionPicture } from '../../src/domain/reports/retention.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { formatCount, formatNumber } from '../ui/number.ts'
import { words } from '../domain/words.ts'

type LineSeries = ComponentProps<typeof LineChart>['series'][number]

/** A curve of fewer people is noise; they are in the table behind. */
const fewest = 20
/** More lines than that cannot be told apart. */
const mostLines = 5

export function RetentionCurve({ answer }: { answer: ReportAnswer<RetentionPicture> }): ReactNode {
  const { picture, compared } = answer
  const { unit, by, groups, together } = picture
  const known = together.findLastIndex((cell) => cell !== null) + 1
  const at = Array.from({ length: Math.max(1, known) }, (_, since) => String(since))
  const cut = (cells: RetentionPicture['together']) => at.map((_, since) => cells[since] ?? null)
  const line = (id: string, name: string, cells: RetentionPicture['together']): LineSeries => ({
    ...{ id, name },
    values: cut(cells).map((cell) => cell?.share.value ?? null),
    low: cut(cells).map((cell) => cell?.share.low ?? null),
    high: cut(cells).map((cell) => cell?.share.high ?? null),
  })
  const nameOf = (name: string): string =>
    name === '' ? 'Not known' : by === 'campaign' ? name : words(name)
  const large = groups.filter(({ size }) => size >= fewest)
  const shown = (large.length > 0 ? large : groups).slice(0, mostLines)
  const own =
    shown.length === 0
      ? [line('together', 'All cohorts', together)]
      : shown.map(({ name, size, cells }) =>
          line(`group ${name}`, `${nameOf(name)} (${formatCount(size)})`, cells),
        )
  const grey = compared
    ? [{ ...line('compared', compared.with, compared.picture.together), isCompared: true }]
    : []
  return (
    <LineChart
      label={`Share that came back, by ${unit}s since they began.`}
      at={at}
      series={[...own, ...grey]}
      format={(share) => `${formatNumber(share * 100, 0)} %`}
      formatAt={(since, isExact) =>
        isExact
          ? `${formatCount(Number(since))} ${unit}${since === '1' ? '' : 's'} later`
          : since
      }
      to={1}
      height={280}
    />
  )
} // prettier-ignore
