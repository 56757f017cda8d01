/** Which content moved people up: differences with intervals, and by persona. */
import type { ReactNode } from 'react'
import type { ContentEffect, ReachPicture } from '../../src/domain/reports/reach.ts'
import { formatCount, formatNumber, formatSigned } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { Empty } from '../ui/states.tsx'
import { DifferencePlot } from '../ui/chart/difference-plot.tsx'
import { HeatTable } from '../ui/chart/heat-table.tsx'
import { percent } from './reach-words.ts'
import type { ReachPartProps } from './reach-words.ts'
import classes from './reach.module.css'

/** Of ten such finds, at most one is chance. */
const sureFrom = 0.1
const mostRows = 20
const points = (share: number): string => `${formatSigned(share * 100)} points`
const range = ({ difference: { low, high } }: ContentEffect): string =>
  `${formatSigned(low * 100)} to ${formatSigned(high * 100)}`

export function ReachContent({ answer, search, change }: ReachPartProps): ReactNode {
  const { content } = answer.picture
  const rungName = content.rungs.find(({ id }) => id === content.rise)?.name ?? ''
  const overall = content.effects
    .filter(({ persona }) => persona === null)
    .toSorted((one, other) => other.difference.value - one.difference.value)
  const before = new Map(
    answer.compared?.picture.content.effects
      .filter(({ persona }) => persona === null)
      .map(({ name, difference }) => [name, difference.value]),
  )
  return (
    <Panel
      title="What moved people up"
      about={`How much more often somebody rose to ${rungName} or higher within 30 days of reading it than comparable people who read something else in those weeks. An association.`}
      actions={
        <span className={classes['picks']}>
          <Pick
            label="What is compared"
            options={[
              { value: 'series', label: 'Series' },
              { value: 'title', label: 'Single titles' },
            ]}
            value={content.of}
            onChange={(of) => change({ content: of === 'series' ? undefined : of })}
          />
          <Pick
            label="A rise counts to"
            options={content.rungs
              .slice(1)
              .map(({ id, name }) => ({ value: id, label: `${name} or higher` }))}
            value={search['rise'] ?? content.rise}
            onChange={(rise) => change({ rise })}
          />
        </span>
      }
    >
      {overall.length === 0 ? (
        <Empty title="Too little was read in this period to compare">
          <p>
            Choose a longer period: readers are watched for 30 days. Content is told apart by the
            properties title and series of an event.
          </p>
        </Empty>
      ) : (
        <>
          <DifferencePlot
            label="Difference in the share of people who rose"
            format={(value) => `${formatSigned(value * 100, 0)}`}
            none="no difference"
            rows={overall.slice(0, mostRows).map((effect) => ({
              id: effect.name,
              name: effect.name,
              difference: effect.difference,
              isSure: effect.q < sureFrom,
              says: points(effect.difference.value),
              note: `${range(effect)}; ${formatCount(effect.weeks)} weeks`,
              title: `${percent(effect.share)} against ${percent(effect.comparable)}; q ${formatNumber(effect.q, 3)}`,
              ...(before.has(effect.name) ? { compared: before.get(effect.name) ?? 0 } : {}),
            }))}
          />
          <p className={classes['legend']}>
            Filled: hardly chance (q under {sureFrom}). Hollow: may be chance.
          </p>
          <ByPersona content={content} personas={answer.picture.personas} />
        </>
      )}
    </Panel>
  )
}

interface ByPersonaProps {
  readonly content: ReachPicture['content']
  readonly personas: ReachPicture['personas']
}

function ByPersona({ content, personas }: ByPersonaProps): ReactNode {
  const columns = [...personas, { id: '', name: 'Fits none' }]
  const find = (name: string, persona: string): ContentEffect | undefined =>
    content.effects.find((effect) => effect.name === name && effect.persona === persona)
  const names = content.readers.slice(0, mostRows)
  return (
    <HeatTable
      label="Difference by persona, in points"
      corner="Points by persona"
      columns={columns.map(({ name }) => name)}
      most={0.1}
      rows={names.map(({ name, people }) => ({
        id: name,
        name,
        note: `${formatCount(people)} people`,
        cells: columns.map(({ id }) => {
          const effect = find(name, id)
          if (!effect) return null
          const isSure = effect.q < sureFrom
          return {
            value: effect.difference.value,
            says: `${formatSigned(effect.difference.value * 100)}${isSure ? '' : ' ?'}`,
            title: `${range(effect)} points; ${formatCount(effect.weeks)} weeks; q ${formatNumber(effect.q, 3)}`,
            isFaint: !isSure,
          }
        }),
      }))}
    />
  )
}
