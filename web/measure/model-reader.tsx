import { type ReactNode, useState } from 'react'
import type { Measure, Model } from '../../src/relationship/model-schema.ts'
import { HealthMark } from '../domain/health-mark.tsx'
import { formatNumber } from '../ui/number.ts'
import { Columns, Panel, Stack } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty } from '../ui/states.tsx'
import {
  conditionWords,
  filterWords,
  measureWords,
  type SaidCondition,
  termWords,
  testWords,
  weightWords,
} from './model-words.ts'
import classes from './model-reader.module.css'

export function ModelReader({ model }: { model: Model }): ReactNode {
  return (
    <Columns>
      <Stack>
        <Rungs model={model} />
        <Alarms model={model} />
        <Personas model={model} />
      </Stack>
      <Stack>
        <DimensionsOf model={model} />
        <MeasuresOf model={model} />
      </Stack>
    </Columns>
  )
}

function Rungs({ model }: { model: Model }): ReactNode {
  return (
    <Panel title="Rungs" about="The highest one whose conditions hold is where a person stands.">
      <ol className={classes['list']}>
        {model.rungs.toReversed().map((rung) => (
          <li key={rung.id}>
            <h3>{rung.name}</h3>
            <p className={classes['note']}>{rung.meaning}</p>
            <Said condition={conditionWords(rung.when, model)} />
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function Said({ condition }: { condition: SaidCondition }): ReactNode {
  if (condition.parts.length === 0) {
    // An empty `all` holds for everyone: the rung where everybody begins.
    return (
      <p>
        {condition.says === 'All of' ? 'Everyone' : condition.says}
        {condition.figure !== undefined && (
          <span className={classes['figure']}> {condition.figure}</span>
        )}
      </p>
    )
  }
  return (
    <div>
      <p className={classes['group']}>{condition.says}</p>
      <ul className={classes['tree']}>
        {condition.parts.map((part, index) => (
          <li key={index}>
            <Said condition={part} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Alarms({ model }: { model: Model }): ReactNode {
  return (
    <Panel title="Health" about="The first that holds decides; otherwise health is green.">
      {(['red', 'yellow'] as const).map((colour) => (
        <div key={colour} className={classes['alarm']}>
          <HealthMark colour={colour} />
          <ul className={classes['list']}>
            {model.health[colour].map((alarm) => (
              <li key={alarm.because}>
                <h3>{alarm.because}</h3>
                <Said condition={conditionWords(alarm.when, model)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Panel>
  )
}

function Personas({ model }: { model: Model }): ReactNode {
  if (model.personas.length === 0) return null
  return (
    <Panel
      title="Personas"
      about={`Who we want to reach. Someone is qualified from a fit of ${model.qualified_from} on.`}
    >
      <ul className={classes['list']}>
        {model.personas.map((persona) => (
          <li key={persona.id}>
            <h3>{persona.name}</h3>
            {persona.about !== undefined && <p className={classes['note']}>{persona.about}</p>}
            <ul className={classes['tree']}>
              {persona.fit.map((fit, index) => (
                <li key={index}>
                  {fit.trait} {testWords(fit.test)}
                  {fit.weight !== 1 && `, weight ${formatNumber(fit.weight, 2)}`}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function DimensionsOf({ model }: { model: Model }): ReactNode {
  return (
    <Panel title="Dimensions" about="Score = 100 × (1 − 2^(−total ÷ half)).">
      <ul className={classes['list']}>
        {Object.entries(model.dimensions).map(([id, dimension]) => (
          <li key={id}>
            <h3>{dimension.name}</h3>
            {dimension.about !== undefined && <p className={classes['note']}>{dimension.about}</p>}
            <p>
              {dimension.of
                .map((term) =>
                  term.times === 1
                    ? termWords(term, model)
                    : `${formatNumber(term.times, 2)} × ${termWords(term, model)}`,
                )
                .join(' + ')}
              ; half at {formatNumber(dimension.half, 2)}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function MeasuresOf({ model }: { model: Model }): ReactNode {
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const shown = Object.entries(model.measures).filter(([id, measure]) =>
    `${id} ${measure.name} ${measure.about ?? ''}`.toLowerCase().includes(wanted),
  )
  return (
    <Panel
      title="Measures"
      about="What counts, and for how long."
      actions={<SearchField label="Search measures" value={search} onChange={setSearch} />}
    >
      {shown.length === 0 && <Empty title="No measure matches" />}
      <ul>
        {shown.map(([id, measure]) => (
          <li key={id}>
            <details className={classes['measure']}>
              <summary>
                <span className={classes['name']}>{measure.name}</span>{' '}
                <span className={classes['kind']}>{measureWords(measure)}</span>
              </summary>
              {measure.about !== undefined && <p className={classes['note']}>{measure.about}</p>}
              <ul className={classes['tree']}>
                {entriesOf(measure).map((entry, index) => (
                  <li key={index}>{entry}</li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Each entry of a measure as one line. */
function entriesOf(measure: Measure): string[] {
  return measure.of.map((entry) => {
    const what = filterWords(entry.when)
    if ('weight' in entry) {
      const because = entry.because === undefined ? '' : ` (${entry.because})`
      return `${weightWords(entry.weight)} for ${what}${because}`
    }
    if ('field' in entry) return `${entry.field} of ${what}`
    return what
  })
}
