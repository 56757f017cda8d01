/** An answer as a picture: a line or bars over one column, by the numbers in others. */
import { type ReactNode, useState } from 'react'
import type { ExploreAnswer } from '../../src/domain/explore-view.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { LineChart } from '../ui/chart/line-chart.tsx'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import classes from './explore.module.css'

interface ExploreChartProps {
  readonly answer: ExploreAnswer
  readonly form: 'line' | 'bars'
}

const most = { line: 1_000, bars: 40 }

export const isNumeric = (type: string): boolean =>
  /^(?:Nullable\()?(?:LowCardinality\()?(?:Nullable\()?(?:U?Int|Float|Decimal|BFloat)/.test(type)

export function ExploreChart({ answer, form }: ExploreChartProps): ReactNode {
  const { columns, rows } = answer
  const numeric = columns.flatMap(({ type }, i) => (isNumeric(type) ? [i] : []))
  const usualAlong = columns.findIndex((_, i) => !numeric.includes(i))
  const [along, setAlong] = useState<string>()
  const [by, setBy] = useState<string>()
  const placeOf = (name: string | undefined, usual: number): number => {
    const place = columns.findIndex((column) => column.name === name)
    return place < 0 ? usual : place
  }
  const x = placeOf(along, Math.max(0, usualAlong))
  const y = placeOf(by, numeric.find((place) => place !== x) ?? -1)
  const value = columns[y]
  if (value === undefined || rows.length === 0)
    return <Empty title="There is no column of numbers to draw" />
  const shown = rows.slice(0, most[form])
  const isDays = shown.every((row) => /^\d{4}-\d{2}-\d{2}$/.test(String(row[x])))
  const numberAt = (row: ExploreAnswer['rows'][number], place: number): number | null => {
    const cell = row[place]
    const number = typeof cell === 'string' ? Number(cell) : cell
    return typeof number === 'number' && Number.isFinite(number) ? number : null
  }
  const names = columns.map(({ name }) => ({ value: name, label: name }))
  return (
    <div className={classes['chart']}>
      <div className={classes['controls']}>
        <Pick label="Along" options={names} value={columns[x]?.name} onChange={setAlong} />
        <Pick
          label="Values"
          options={names.filter((_, i) => numeric.includes(i))}
          value={value.name}
          onChange={setBy}
        />
      </div>
      {form === 'line' ? (
        <LineChart
          label={`${value.name} along ${columns[x]?.name ?? ''}`}
          at={shown.map((row) => String(row[x] ?? '–'))}
          series={[{ id: value.name, name: value.name, values: shown.map((row) => numberAt(row, y)) }]}
          format={(number) => formatNumber(number, 2)}
          {...(isDays ? {} : { formatAt: (at: string) => at.slice(0, 16) })}
        />
      ) : (
        <BarList
          label={`${value.name} by ${columns[x]?.name ?? ''}`}
          rows={shown.map((row, i) => ({
            id: String(i),
            name: String(row[x] ?? '–'),
            value: numberAt(row, y) ?? 0,
            says: numberAt(row, y) === null ? '–' : formatNumber(numberAt(row, y) ?? 0, 2),
          }))}
        />
      )}
      {rows.length > shown.length && (
        <p className={classes['note']}>Drawn are the first {formatCount(shown.length)} rows.</p>
      )}
    </div>
  )
} // prettier-ignore
