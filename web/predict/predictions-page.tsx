/** What is likely next: which models there are, and who is likely to. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PredictionModelView } from '../../src/domain/prediction-view.ts'
import { sayProblem } from '../api.ts'
import { formatCount } from '../ui/number.ts'
import { Page, Panel, Stack } from '../ui/page.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { tellFailure } from '../ui/toast.tsx'
import { Likely } from './likely.tsx'
import { ModelState } from './model-state.tsx'
import { fitAll, predictionQueries } from './prediction-queries.ts'
import type { PredictionsSearch } from './predictions-search.ts'
import classes from './predictions.module.css'

export function PredictionsPage(): ReactNode {
  const answer = useQuery(predictionQueries.models())
  const client = useQueryClient()
  const fit = useMutation({
    mutationFn: fitAll,
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['predictions', 'models'] }),
  })
  const isFitting = answer.data?.models.some(({ fitting }) => fitting !== null) === true
  return (
    <Page
      title="Predictions"
      about="Who is likely to do what next, and how well such forecasts came true before."
      actions={
        <Button
          variant="default"
          onClick={() => fit.mutate()}
          disabled={isFitting || fit.isPending}
        >
          {isFitting ? 'Being fitted…' : 'Fit all now'}
        </Button>
      }
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={40} />}>
        {({ models, horizonDays }) => (
          <Stack>
            {models.every(({ state }) => state === 'none') && <FirstTime />}
            <Models models={models} />
            <ChosenList models={models} horizonDays={horizonDays} />
          </Stack>
        )}
      </WhenReady>
    </Page>
  )
}

function FirstTime(): ReactNode {
  return (
    <Panel title="Nothing was foretold yet">
      <p>
        With Fit all now the models learn from what people did so far. Each is held against what
        came afterwards, and serves only where it does better than a simple rule. From then on it
        happens by itself every night.
      </p>
    </Panel>
  )
}

function Models({ models }: { models: readonly PredictionModelView[] }): ReactNode {
  const search: PredictionsSearch = useSearch({ strict: false })
  const chosen = search.of ?? firstOf(models)
  return (
    <ul className={classes['models']} aria-label="What is predicted">
      {models.map((model) => (
        <li key={model.id} className={classes['model']} data-state={model.state}>
          <div className={classes['modelHead']}>
            <strong>{model.name}</strong>
            <ModelState model={model} />
          </div>
          <p className={classes['quiet']}>
            {model.state === 'serving' ? model.about : (model.reason ?? model.about)}
          </p>
          <div className={classes['modelLinks']}>
            {model.state === 'serving' &&
              model.gives.map(({ id, name }) => (
                <Link
                  key={id}
                  to="/predictions"
                  search={{ of: id }}
                  resetScroll={false}
                  aria-current={id === chosen ? 'true' : undefined}
                  className={classes['chooser']}
                >
                  {model.gives.length > 1 ? name : `Who: ${formatCount(model.scored)} people`}
                </Link>
              ))}
            <Link
              to="/predictions/$modelId"
              params={{ modelId: model.id }}
              className={classes['cardLink']}
            >
              Model card<span className="visually-hidden"> of {model.name}</span>
            </Link>
          </div>
        </li>
      ))}
    </ul>
  )
}

const firstOf = (models: readonly PredictionModelView[]): string | undefined =>
  (
    models.find(({ id, state }) => id === 'buy' && state === 'serving') ??
    models.find(({ state }) => state === 'serving')
  )?.gives[0]?.id

function ChosenList({ models, horizonDays }: { models: readonly PredictionModelView[]; horizonDays: number }): ReactNode {
  const search: PredictionsSearch = useSearch({ strict: false })
  const wanted = search.of ?? firstOf(models)
  const model = models.find(({ gives }) => gives.some(({ id }) => id === wanted))
  const quantity = model?.gives.find(({ id }) => id === wanted)
  if (model === undefined || quantity === undefined || model.state !== 'serving') return null
  return <Likely key={quantity.id} model={model} quantity={quantity} horizonDays={horizonDays} />
} // prettier-ignore
