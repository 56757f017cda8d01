import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { HealthColour } from '../../src/domain/view.ts'
import type { TransitionView } from '../../src/domain/ladder-view.ts'
import type { Mover } from '../answers.ts'
import { queries, sayProblem } from '../api.ts'
import { HealthMark, healthWords } from '../domain/health-mark.tsx'
import { PartyLink } from '../domain/party-link.tsx'
import { words } from '../domain/words.ts'
import { Panel } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import classes from './transitions.module.css'

const isHealth = (name: string): name is HealthColour => Object.hasOwn(healthWords, name)

function Where(props: { name: string; what: 'rung' | 'health' }): ReactNode {
  const rungs = useQuery(queries.ladder()).data?.rungs
  if (props.what === 'health' && isHealth(props.name)) return <HealthMark colour={props.name} />
  return rungs?.find((rung) => rung.id === props.name)?.name ?? words(props.name)
}

function Step({ step }: { step: TransitionView }): ReactNode {
  return (
    <span className={classes['step']}>
      <span
        className={classes['arrow']}
        data-up={step.direction > 0 || undefined}
        aria-hidden="true"
      >
        {step.direction > 0 ? '▲' : '▼'}
      </span>
      {step.from !== null && (
        <>
          <span className={classes['from']}>
            <Where name={step.from} what={step.what} />
          </span>
          <span className={classes['to']} role="img" aria-label="to">
            →
          </span>
        </>
      )}
      <Where name={step.to} what={step.what} />
    </span>
  )
}

/** Who rose or slipped this week, each with the reason. */
export function Movers({ direction }: { direction: 'rose' | 'slipped' }): ReactNode {
  const answer = useQuery(queries.movers(direction))
  return (
    <Panel title={direction === 'rose' ? 'Who rose' : 'Who slipped'} about="In the last 7 days">
      <WhenReady answer={answer} says={sayProblem}>
        {({ movers }) =>
          movers.length === 0 ? (
            <Empty
              title={direction === 'rose' ? 'No one rose this week' : 'No one slipped this week'}
            >
              <p>
                {direction === 'rose'
                  ? 'Open a person to see what is missing for their next rung.'
                  : 'Those who need care show up here, with the reason, as soon as it happens.'}
              </p>
            </Empty>
          ) : (
            <ul className={classes['movers']}>
              {movers.map((mover) => (
                <MoverRow key={mover.id} mover={mover} />
              ))}
            </ul>
          )
        }
      </WhenReady>
    </Panel>
  )
}

function MoverRow({ mover }: { mover: Mover }): ReactNode {
  return (
    <li className={classes['mover']}>
      <div className={classes['who']}>
        <PartyLink party={mover.party} />
        <span className={classes['when']}>
          <Ago at={mover.at} />
        </span>
      </div>
      <Step step={mover} />
      <p className={classes['because']}>{mover.because}</p>
    </li>
  )
}

/** So many changes stand beside the other figures; older ones are seen in the calendar. */
const mostShown = 8

/** What changed for one party, newest first. */
export function Transitions({ partyId }: { partyId: string }): ReactNode {
  const answer = useQuery(queries.transitions(partyId))
  return (
    <Panel title="What changed">
      <WhenReady answer={answer} says={sayProblem}>
        {({ transitions }) =>
          transitions.length === 0 ? (
            <Empty title="No change so far" />
          ) : (
            <ol className={classes['movers']}>
              {transitions.slice(0, mostShown).map((step) => (
                <li key={step.id} className={classes['mover']}>
                  <div className={classes['who']}>
                    <Step step={step} />
                    <span className={classes['when']}>
                      <Moment at={step.at} />
                    </span>
                  </div>
                  <p className={classes['because']}>{step.because}</p>
                </li>
              ))}
            </ol>
          )
        }
      </WhenReady>
    </Panel>
  )
}
