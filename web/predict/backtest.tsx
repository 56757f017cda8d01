/** How a model did on what it had not seen, beside rules that anybody could make. */
import type { ReactNode } from 'react'
import type { BacktestView, PredictionCard } from '../../src/domain/prediction-view.ts'
import { BarList, type BarRow } from '../ui/chart/bar-list.tsx'
import { formatCount, formatFixed, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { formatDay } from '../ui/time.tsx'
import { measureWords, sayValue } from './prediction-words.ts'
import classes from './predictions.module.css'

const digits = 3

export function Backtest({ backtest, card }: { backtest: BacktestView; card: PredictionCard }): ReactNode {
  const { model, baselines, measure, people, from, to } = backtest
  const unit = { unit: backtest.unit, currency: card.gives[0]?.currency ?? null }
  const say = (value: number): string =>
    measure === 'log_loss' ? formatFixed(value, digits) : backtest.unit === 'money' ? sayValue(value, unit) : formatFixed(value, digits)
  const rows: BarRow[] = [
    { id: 'model', name: <strong>This model</strong>, value: model, says: say(model) },
    ...baselines.map(({ name, value, beaten }) => ({
      ...{ id: name, name, value, says: say(value) },
      note: value <= model ? 'is better' : beaten ? 'beaten, sure' : 'beaten, may be chance',
    })),
  ]
  return (
    <Panel
      title="Held against what came"
      about={`${formatCount(people)} people it was asked about, ${formatDay(from)} to ${formatDay(to)}: days it had not seen. Shorter is better (${measureWords[measure]}).`}
    >
      <BarList label="Loss of the model and of simple rules" rows={rows} />
      <ul className={classes['findings']}>
        <li>
          Foretold for all together: {total(backtest.totalPredicted, backtest, unit)}. What came: {total(backtest.totalActual, backtest, unit)}.
        </li>
        {backtest.ranking !== null && (
          <li>
            Of two people, one who did and one who did not, it ranks the one who did higher {formatNumber(backtest.ranking * 100, 0)} times of 100.
          </li>
        )}
        {backtest.candidates.length > 1 && (
          <li>
            Tried: {backtest.candidates.map(({ name, value, chosen }) => `${name} (${say(value)}${chosen ? ', chosen' : ''})`).join(', ')}.
          </li>
        )}
      </ul>
    </Panel>
  )
} // prettier-ignore

const total = (value: number, { unit }: BacktestView, words: { unit: BacktestView['unit']; currency: string | null }): string =>
  unit === 'money' ? sayValue(value, words) : formatCount(Math.round(value)) // prettier-ignore
