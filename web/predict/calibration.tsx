/** Did it come true? Groups of people by what was foretold, and what came, around the line of truth. */
import type { ReactNode } from 'react'
import type { CalibrationBin, QuantityView } from '../../src/domain/prediction-view.ts'
import { ticksAround } from '../ui/chart/scale.ts'
import { useWidth } from '../ui/chart/use-width.ts'
import { formatCount } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { sayRange, sayValue } from './prediction-words.ts'
import classes from './predictions.module.css'

interface CalibrationProps {
  readonly bins: readonly CalibrationBin[]
  readonly unit: QuantityView['unit']
  readonly currency: string | null
}

const left = 56
const bottom = 40
const top = 12
const right = 32

export function Calibration({ bins, unit, currency }: CalibrationProps): ReactNode {
  const [holder, width] = useWidth<HTMLDivElement>(560)
  const words = { unit, currency }
  const height = Math.max(240, Math.min(width * 0.7, 380))
  const highest = Math.max(...bins.map(({ predicted, high }) => Math.max(predicted, high)))
  const ticks = ticksAround(0, unit === 'chance' ? Math.min(1, highest) : highest, 5)
  const most = Math.max(ticks.at(-1) ?? 1, 1e-9)
  const x = (value: number): number => left + (Math.min(value, most) / most) * (width - left - right)
  const y = (value: number): number => height - bottom - (Math.min(value, most) / most) * (height - bottom - top)
  return (
    <Panel
      title="Did it come true?"
      about="People in groups of about the same size by what was foretold. On the line it came just as foretold; whiskers are 95 % intervals."
    >
      <div ref={holder}>
        <svg width={width} height={height} role="img" aria-label="What came against what was foretold; the table below has the figures." className={classes['calibration']}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className={classes['grid']} />
              <text x={left - 8} y={y(tick) + 4} textAnchor="end">{axisWords(tick, words)}</text>
              <text x={x(tick)} y={height - bottom + 16} textAnchor="middle">{axisWords(tick, words)}</text>
            </g>
          ))}
          <line x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} className={classes['truth']} />
          <text x={(left + width - right) / 2} y={height - 4} textAnchor="middle">foretold</text>
          {bins.map(({ predicted, actual, low, high, people }, index) => (
            <g key={index}>
              <title>{`${formatCount(people)} people: foretold ${sayValue(predicted, words)}, came ${sayValue(actual, words)} (${sayRange(low, high, words)})`}</title>
              <line x1={x(predicted)} x2={x(predicted)} y1={y(low)} y2={y(high)} className={classes['whiskerLine']} />
              <circle cx={x(predicted)} cy={y(actual)} r={5} className={classes['dot']} />
            </g>
          ))}
        </svg>
      </div>
      <details className={classes['figures']}>
        <summary>The figures</summary>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">People</th>
              <th scope="col">Foretold</th>
              <th scope="col">Came</th>
              <th scope="col">95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {bins.map(({ predicted, actual, low, high, people }, index) => (
              <tr key={index}>
                <td>{formatCount(people)}</td>
                <td>{fine(predicted, words)}</td>
                <td>{fine(actual, words)}</td>
                <td>{`${fine(low, words)} to ${fine(high, words)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  )
} // prettier-ignore

type Words = Pick<QuantityView, 'unit' | 'currency'>
const axisWords = (value: number, words: Words): string =>
  words.unit === 'chance' ? `${Math.round(value * 100)} %` : sayValue(value, words)
const fine = (value: number, words: Words): string =>
  words.unit === 'money' ? sayValue(value, words) : words.unit === 'chance' ? `${(value * 100).toFixed(1)} %` : value.toFixed(2) // prettier-ignore
