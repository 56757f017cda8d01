/** Who is likely to: how everybody is spread, the filters, the list, and the list as a segment. */
import { Button, NumberInput } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PredictionModelView, QuantityView } from '../../src/domain/prediction-view.ts'
import { queries, sayProblem } from '../api.ts'
import { formatCount, formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { tellFailure } from '../ui/toast.tsx'
import { LikelyList } from './likely-list.tsx'
import { makeSegmentOf, predictionQueries, type LikelyFilter } from './prediction-queries.ts'
import { sayValue } from './prediction-words.ts'
import type { PredictionsSearch } from './predictions-search.ts'
import { Spread } from './spread.tsx'
import classes from './predictions.module.css'

interface LikelyProps {
  readonly model: PredictionModelView
  readonly quantity: QuantityView
  readonly horizonDays: number
}

const orders = [
  { value: 'most', label: 'Most likely first' },
  { value: 'least', label: 'Least likely first' },
]

/** Chances are asked for in per cent, money in whole units: that is what stands in the address. */
const scaleOf = ({ unit }: QuantityView): number => (unit === 'chance' ? 0.01 : unit === 'money' ? 100 : 1) // prettier-ignore

export function Likely({ model, quantity }: LikelyProps): ReactNode {
  const search: PredictionsSearch = useSearch({ strict: false })
  const scale = scaleOf(quantity)
  const filter: LikelyFilter = {
    of: quantity.id,
    rung: search.rung,
    segment: search.segment,
    at_least: search.min === undefined ? undefined : search.min * scale,
    at_most: search.max === undefined ? undefined : search.max * scale,
    order: search.order,
  }
  const answer = useInfiniteQuery(predictionQueries.likely(filter))
  const spread = useQuery(predictionQueries.spread(quantity.id))
  const total = answer.data?.pages[0]?.total
  return (
    <>
      <Panel
        title={`${quantity.name}: everybody`}
        about={
          spread.data && (
            <>
              {quantity.about} {spreadWords(spread.data.sum, spread.data.people, quantity)}
              {model.scoredAt !== null && <> Last scored <Ago at={model.scoredAt} />.</>}
            </>
          )
        }
      >
        <WhenReady answer={spread} says={sayProblem} waiting={<Lines count={4} height={28} />}>
          {(data) => <Spread spread={data} from={filter.at_least} to={filter.at_most} />}
        </WhenReady>
      </Panel>
      <Panel
        title={total === undefined ? 'Who' : `Who: ${formatCount(total)} people`}
        actions={<AsSegment quantity={quantity} filter={filter} total={total ?? 0} />}
        flush
      >
        <Filters quantity={quantity} deciles={spread.data?.deciles ?? []} />
        <WhenReady answer={{ ...answer, data: answer.data }} says={sayProblem} waiting={<div className={classes['inset']}><Lines count={8} height={36} /></div>}>
          {({ pages }) =>
            pages[0]?.total === 0 ? (
              <Empty title="Nobody fits">
                <p>Ask for less, or for any rung.</p>
              </Empty>
            ) : (
              <LikelyList
                quantity={quantity}
                people={pages.flatMap(({ people }) => people)}
                more={{ has: answer.hasNextPage, fetching: answer.isFetchingNextPage, fetch: answer.fetchNextPage }}
              />
            )
          }
        </WhenReady>
      </Panel>
    </>
  )
} // prettier-ignore

function spreadWords(sum: number, people: number, quantity: QuantityView): string {
  if (quantity.unit === 'chance')
    return `Of ${formatCount(people)} people ${formatCount(Math.round(sum))} are to be expected.`
  return `Of ${formatCount(people)} people together: ${sayValue(sum, quantity)}.`
}

function Filters({ quantity, deciles }: { quantity: QuantityView; deciles: readonly number[] }): ReactNode {
  const search: PredictionsSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const rungs = useQuery(queries.ladder()).data?.rungs ?? []
  const segments = useQuery(queries.segmentNames()).data?.segments ?? []
  const people = segments.filter(({ kind }) => kind === 'person')
  const change = (part: PredictionsSearch): void => {
    void navigate({ to: '.', search: (old: object) => ({ ...old, ...part }), replace: true, resetScroll: false } as never)
  }
  const scale = scaleOf(quantity)
  const top = deciles.at(-1)
  const unit = quantity.unit === 'chance' ? ' %' : quantity.unit === 'money' ? ` ${quantity.currency}` : ''
  return (
    <div className={classes['filters']} role="search">
      <NumberInput
        className={classes['least'] ?? ''}
        aria-label={`At least${unit}`}
        placeholder="At least"
        suffix={unit}
        min={0}
        allowNegative={false}
        value={search.min ?? ''}
        onChange={(value) => change({ min: value === '' ? undefined : Number(value) })}
      />
      {top !== undefined && (
        <Button variant="default" onClick={() => change({ min: Number(formatNumber(top / scale, quantity.unit === 'count' ? 2 : 0).replaceAll(',', '')) })}>
          Top tenth
        </Button>
      )}
      <Pick label="Rung" any="Any rung" value={search.rung} options={rungs.map(({ id, name }) => ({ value: id, label: name }))} onChange={(rung) => change({ rung })} />
      {people.length > 0 && (
        <Pick label="Segment" any="Any segment" value={search.segment} options={people.map(({ id, name }) => ({ value: id, label: name }))} onChange={(segment) => change({ segment })} />
      )}
      <Pick label="Order" value={search.order ?? 'most'} options={orders} onChange={(order) => change({ order: order === 'most' ? undefined : order })} />
    </div>
  )
} // prettier-ignore

/** One click: the people who fit now, and who will fit after each scoring. */
function AsSegment({ quantity, filter, total }: { quantity: QuantityView; filter: LikelyFilter; total: number }): ReactNode {
  const navigate = useNavigate()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: () => makeSegmentOf(quantity, filter, nameOf(quantity, filter)),
    onSuccess: async (segment) => {
      void client.invalidateQueries({ queryKey: ['segments'] })
      await navigate({ to: '/segments/$segmentId', params: { segmentId: segment.id } })
    },
    onError: (error) => tellFailure(sayProblem(error)),
  })
  return (
    <Button onClick={() => make.mutate()} loading={make.isPending} disabled={total === 0}>
      Make a segment of them
    </Button>
  )
} // prettier-ignore

function nameOf(quantity: QuantityView, { at_least, at_most, rung }: LikelyFilter): string {
  const parts = [
    quantity.name,
    ...(at_least === undefined ? [] : [`at least ${sayValue(at_least, quantity)}`]),
    ...(at_most === undefined ? [] : [`at most ${sayValue(at_most, quantity)}`]),
    ...(rung === undefined ? [] : [`on ${rung}`]),
  ]
  return `${parts.join(', ')} (${new Date().toISOString().slice(0, 16).replace('T', ' ')})`
}
