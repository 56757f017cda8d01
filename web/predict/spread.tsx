/** How a prediction is spread over people: a column for each step, those within the filter in colour. */
import type { ReactNode } from 'react'
import type { PredictionSpread } from '../../src/domain/prediction-view.ts'
import { formatCount, plural } from '../ui/number.ts'
import { sayValue } from './prediction-words.ts'
import classes from './predictions.module.css'

interface SpreadProps {
  readonly spread: PredictionSpread
  readonly from: number | undefined
  readonly to: number | undefined
}

export function Spread({ spread, from = 0, to = Infinity }: SpreadProps): ReactNode {
  const { bins, quantity, people } = spread
  const most = Math.max(1, ...bins.map((bin) => bin.people))
  const middle = bins[Math.floor(bins.length / 2)]
  const median = spread.deciles[4]
  return (
    <figure className={classes['spread']}>
      <div
        className={classes['columns']}
        role="img"
        aria-label={`${plural(people, 'person', 'people')} by ${quantity.name.toLowerCase()}${median === undefined ? '' : `; half have less than ${sayValue(median, quantity)}`}.`}
      >
        {bins.map((bin) => (
          <span
            key={bin.from}
            className={classes['column']}
            data-chosen={(bin.to > from && bin.from <= to) || undefined}
            // Few are seen beside many: the height goes by the square root, and the tip says how many.
            style={{
              height: bin.people > 0 ? `max(3px, ${Math.sqrt(bin.people / most) * 100}%)` : 0,
            }}
            title={`${formatCount(bin.people)} between ${sayValue(bin.from, quantity)} and ${sayValue(bin.to, quantity)}`}
          />
        ))}
      </div>
      <figcaption className={classes['axis']}>
        <span>{sayValue(0, quantity)}</span>
        <span>{middle === undefined ? '' : sayValue(middle.from, quantity)}</span>
        <span>{sayValue(bins.at(-1)?.to ?? 0, quantity)}</span>
      </figcaption>
      <p className={classes['quiet']}>
        Columns are people; heights go by the square root, so that few are seen beside many.
      </p>
    </figure>
  )
}
