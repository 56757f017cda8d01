/** What is likely next for one person, each with its interval and its reasons. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PartyPrediction } from '../../src/domain/prediction-view.ts'
import { sayProblem } from '../api.ts'
import { Panel, Stack } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Interval } from './interval.tsx'
import { sayChance } from './prediction-words.ts'
import { predictionQueries } from './prediction-queries.ts'
import { Reasons } from './reasons.tsx'
import classes from './predictions.module.css'

export function PartyPredictions({ partyId }: { partyId: string }): ReactNode {
  const answer = useQuery(predictionQueries.ofParty(partyId))
  return (
    <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={36} />}>
      {({ predictions, silent }) => (
        <Stack>
          <Panel title="What is likely next" flush={predictions.length > 0}>
            {predictions.length === 0 ? (
              <Empty title="Nothing is foretold of this one">
                <p>
                  Models speak of people, once they were fitted and did better than simple rules.
                </p>
                <LinkButton to="/predictions" variant="default">
                  To the predictions
                </LinkButton>
              </Empty>
            ) : (
              <ul className={classes['people']} aria-label="Predictions">
                {predictions.map((prediction) => (
                  <One key={prediction.quantity.id} prediction={prediction} />
                ))}
              </ul>
            )}
          </Panel>
          {silent.length > 0 && predictions.length > 0 && (
            <Panel title="What is not foretold, and why">
              <ul className={classes['gives']}>
                {silent.map(({ model, name, says }) => (
                  <li key={model}>
                    <Link to="/predictions/$modelId" params={{ modelId: model }}>
                      {name}
                    </Link>
                    <p className={classes['quiet']}>{says}</p>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </Stack>
      )}
    </WhenReady>
  )
}

function One({ prediction }: { prediction: PartyPrediction }): ReactNode {
  const { quantity, value, low, high, rank, exact, asOf, reasons } = prediction
  const most = quantity.unit === 'chance' ? 1 : Math.max(high, value, 1)
  return (
    <li className={classes['person']}>
      <div className={classes['who']}>
        <Link to="/predictions/$modelId" params={{ modelId: quantity.model }}>
          {quantity.name}
        </Link>
        <span className={classes['quiet']}>
          {exact ? 'as of now' : <>as of <Ago at={asOf} /></>}
          {rank !== null && rank >= 0.5 && `, more than ${sayChance(rank)} of people`}
        </span>
      </div>
      <Interval value={value} low={low} high={high} quantity={quantity} most={most} />
      <Reasons reasons={reasons} />
    </li>
  )
} // prettier-ignore
