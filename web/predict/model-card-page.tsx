/** The card of a model: what it rests on, how it did before, what moves it, how far people have moved. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PredictionCard } from '../../src/domain/prediction-view.ts'
import { sayProblem } from '../api.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCount } from '../ui/number.ts'
import { Columns, Page, Panel, Stack } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import { tellFailure } from '../ui/toast.tsx'
import { Backtest } from './backtest.tsx'
import { Calibration } from './calibration.tsx'
import { Checks, Drift, Effects, FittedParameters, Versions } from './card-parts.tsx'
import { fitModel, predictionQueries } from './prediction-queries.ts'
import { ModelState } from './model-state.tsx'
import classes from './predictions.module.css'

export function ModelCardPage(): ReactNode {
  const { modelId = '' } = useParams({ strict: false })
  const answer = useQuery(predictionQueries.card(modelId))
  const card = answer.data
  const title = card ? `Model card: ${card.name}` : 'Model card'
  return (
    <Page
      title={title}
      above={
        <nav aria-label="Breadcrumb" className={classes['crumb']}>
          <Link to="/predictions">Predictions</Link>
        </nav>
      }
      heading={card?.name ?? 'Model card'}
      about={card && <Standing card={card} />}
      actions={card && <FitButton card={card} />}
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={12} height={28} />}>
        {(found) => <Card card={found} />}
      </WhenReady>
    </Page>
  )
}

function Standing({ card }: { card: PredictionCard }): ReactNode {
  return (
    <div className={classes['standing']}>
      <ModelState model={card} />
      <span>{card.reason ?? card.about}</span>
    </div>
  )
}

function FitButton({ card }: { card: PredictionCard }): ReactNode {
  const client = useQueryClient()
  const fit = useMutation({
    mutationFn: () => fitModel(card.id),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['predictions'] }),
  })
  const isFitting = card.fitting !== null
  return (
    <Button variant="default" onClick={() => fit.mutate()} disabled={isFitting || fit.isPending}>
      {isFitting ? card.fitting?.doing || 'Being fitted…' : 'Fit it now'}
    </Button>
  )
}

function Card({ card }: { card: PredictionCard }): ReactNode {
  if (card.version === null || (card.state === 'none' && card.method === '')) {
    return (
      <Panel title="Never fitted">
        <Empty title="Nothing was learned yet">
          <p>Fit it now, or wait for the night: then it happens by itself.</p>
        </Empty>
      </Panel>
    )
  }
  return (
    <Columns wide={2}>
      <Stack>
        {card.backtest && <Backtest backtest={card.backtest} card={card} />}
        {card.calibration.length > 0 && card.backtest && (
          <Calibration bins={card.calibration} unit={card.backtest.unit} currency={card.gives[0]?.currency ?? null} />
        )}
        {card.effects.length > 0 && <Effects effects={card.effects} />}
        {card.parameters.length > 0 && <FittedParameters parameters={card.parameters} />}
      </Stack>
      <Stack>
        <Panel title="What it gives">
          <ul className={classes['gives']}>
            {card.gives.map(({ id, name, about }) => (
              <li key={id}>
                {card.state === 'serving' ? (
                  <Link to="/predictions" search={{ of: id }}>
                    {name}
                  </Link>
                ) : (
                  <strong>{name}</strong>
                )}
                <p className={classes['quiet']}>{about}</p>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="What it rests on">
          <Facts facts={factsOf(card)} />
        </Panel>
        <Checks checks={card.checks} />
        {card.drift && <Drift drift={card.drift} />}
        <Versions versions={card.versions} />
        {card.notes.length > 0 && (
          <Panel title="Methods and sources">
            <ul className={classes['notes']}>
              {card.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </Panel>
        )}
      </Stack>
    </Columns>
  )
} // prettier-ignore

function factsOf(card: PredictionCard): { name: string; value: ReactNode }[] {
  return [
    { name: 'Method', value: card.method || 'None yet' },
    ...card.data,
    ...(card.fittedAt === null ? [] : [{ name: 'Fitted', value: <Moment at={card.fittedAt} exact /> }]),
    ...(card.scoredAt === null ? [] : [{ name: 'Last scored', value: <Ago at={card.scoredAt} /> }]),
    ...(card.scored > 0 ? [{ name: 'People with a score', value: formatCount(card.scored) }] : []),
  ]
} // prettier-ignore
