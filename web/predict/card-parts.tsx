/** Parts of a model card: checks, effects, parameters, drift, earlier fits. */
import { IconArrowDownRight, IconArrowUpRight, IconCheck, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DriftView, FeatureEffect, PredictionCard } from '../../src/domain/prediction-view.ts'
import { BarList } from '../ui/chart/bar-list.tsx'
import { formatNumber } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Moment } from '../ui/time.tsx'
import { sayDrift, stateWords } from './prediction-words.ts'
import classes from './predictions.module.css'

export function Checks({ checks }: Pick<PredictionCard, 'checks'>): ReactNode {
  if (checks.length === 0) return null
  return (
    <Panel title="Checked before it was fitted">
      <ul className={classes['checks']}>
        {checks.map(({ name, passed, says }) => (
          <li key={name} data-passed={passed}>
            {passed ? <IconCheck size={16} aria-hidden="true" /> : <IconX size={16} aria-hidden="true" />}
            <span>
              <strong>{name}</strong>
              <span className="visually-hidden">{passed ? ': passed. ' : ': not passed. '}</span>
              <span className={classes['quiet']}>{says}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
} // prettier-ignore

const ways = { '1': 'the more, the likelier', '-1': 'the more, the less likely', '0': 'not one way alone' } as const // prettier-ignore

export function Effects({ effects }: { effects: readonly FeatureEffect[] }): ReactNode {
  return (
    <Panel
      title="What it goes by"
      about="How much each sign moves a prediction on average, as a share of all. It tells what goes together, not what causes what."
    >
      <BarList
        label="Signs by their share"
        rows={effects.slice(0, 12).map(({ feature, name, share, direction }) => ({
          ...{ id: feature, value: share, says: `${formatNumber(share * 100, share < 0.1 ? 1 : 0)} %` },
          note: ways[String(Math.sign(direction)) as keyof typeof ways],
          name: (
            <span className={classes['sign']}>
              {direction > 0 && <IconArrowUpRight size={16} aria-hidden="true" />}
              {direction < 0 && <IconArrowDownRight size={16} aria-hidden="true" />}
              {name}
            </span>
          ),
        }))}
      />
    </Panel>
  )
} // prettier-ignore

export function FittedParameters({ parameters }: Pick<PredictionCard, 'parameters'>): ReactNode {
  const say = (value: number | null): string =>
    value === null ? 'not known' : String(Number(value.toPrecision(4)))
  return (
    <Panel title="Parameters" about="Fitted by maximum likelihood, with 95 % intervals. Time is in weeks.">
      <div className={classes['scroll']} tabIndex={0} role="region" aria-label="Parameters">
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">95 % interval</th>
              <th scope="col">What it is</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map(({ name, value, low, high, says }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{say(value)}</td>
                <td>{low === null ? 'not known' : `${say(low)} to ${say(high)}`}</td>
                <td className={classes['wrap']}>{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
} // prettier-ignore

export function Drift({ drift }: { drift: DriftView }): ReactNode {
  const moved = drift.features.filter(({ value }) => value >= 0.1).slice(0, 6)
  return (
    <Panel
      title="Have people moved since?"
      about="Population stability index: below 0.1 steady, above 0.25 changed; then it is fitted anew by itself."
    >
      <p>
        Scores are <strong>{sayDrift(drift.scores)}</strong> ({formatNumber(drift.scores, 2)}), as
        of <Moment at={drift.asOf} />.
      </p>
      {moved.length > 0 && (
        <ul className={classes['findings']}>
          {moved.map(({ feature, name, value }) => (
            <li key={feature}>
              {name}: {sayDrift(value)} ({formatNumber(value, 2)})
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

export function Versions({ versions }: Pick<PredictionCard, 'versions'>): ReactNode {
  if (versions.length < 2) return null
  const words = { ...stateWords, retired: 'Replaced' }
  return (
    <Panel title="Fits so far">
      <ul className={classes['versions']}>
        {versions.slice(0, 8).map(({ version, state, fittedAt, measure, baseline }) => (
          <li key={version}>
            <strong>{version}</strong> {words[state]}
            <span className={classes['quiet']}>
              {fittedAt !== null && <Moment at={fittedAt} exact />}
              {measure !== null && baseline !== null && ` ${formatNumber(measure, 3)} against ${formatNumber(baseline, 3)}`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
} // prettier-ignore
