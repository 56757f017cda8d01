/**
 * The evidence drawer, one of the four pictures that recur: any number, opened. Weight times what
 * time has left of it gives the contribution; the contributions add up to the number.
 */
import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { EvidenceView } from '../../src/domain/view.ts'
import { queries, sayProblem } from '../api.ts'
import { touchpointName, touchpointNote, words } from '../domain/words.ts'
import { formatFixed, formatSigned, plural, roundToTotal } from '../ui/number.ts'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './evidence-drawer.module.css'
import { isMoment, measureOf } from './measure-words.ts'

export function EvidenceDrawer(props: { partyId: string; of: string | undefined }): ReactNode {
  const navigate = useNavigate()
  const close = (): void => {
    void navigate({
      to: '.',
      search: (old) => ({ ...old, evidence: undefined }),
      resetScroll: false,
    })
  }
  return (
    <Drawer
      opened={props.of !== undefined}
      onClose={close}
      size={640}
      padding="lg"
      title="Evidence"
      closeButtonProps={{ 'aria-label': 'Close the evidence' }}
      classNames={{ title: classes['title'] ?? '', body: classes['body'] ?? '' }}
    >
      {props.of !== undefined && <Evidence partyId={props.partyId} of={props.of} />}
    </Drawer>
  )
}

function Evidence({ partyId, of }: { partyId: string; of: string }): ReactNode {
  const answer = useQuery(queries.evidence(partyId, of))
  const model = useQuery(queries.model()).data?.model
  const moment = isMoment(measureOf(model, of))
  return (
    <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={28} />}>
      {(evidence) => (
        <>
          <div className={classes['head']}>
            <h3>{evidence.name}</h3>
            <p className={classes['value']}>{headline(evidence, moment)}</p>
            {evidence.value !== null && evidence.text !== null && <p>{evidence.text}</p>}
            <p className={classes['formula']}>{evidence.formula}</p>
          </div>
          {evidence.contributions.length === 0 ? (
            <Empty title="No touchpoint has counted here yet">
              <p>The number will move with the first touchpoint that the model counts for it.</p>
            </Empty>
          ) : (
            <Contributions evidence={evidence} moment={moment} />
          )}
          <p className={classes['asOf']}>
            As of <Moment at={evidence.asOf} exact />. Robots are never counted.
          </p>
        </>
      )}
    </WhenReady>
  )
}

/** Whole numbers stay whole; all others have two digits, so that the points stand in a column. */
function digitsOf(evidence: EvidenceView): number {
  const whole = evidence.contributions.every((one) => Number.isInteger(one.contribution))
  return whole && Number.isInteger(evidence.restContribution) ? 0 : 2
}

function headline(evidence: EvidenceView, moment: boolean): ReactNode {
  if (evidence.value === null) return evidence.text ?? 'Nothing yet'
  if (!moment) return formatFixed(evidence.value, digitsOf(evidence))
  return evidence.value > 0 ? <Moment at={new Date(evidence.value).toISOString()} exact /> : 'Never'
}

interface ContributionsProps {
  readonly evidence: EvidenceView
  /** The number is a moment: one touchpoint gave it, and nothing adds up. */
  readonly moment: boolean
}

function Contributions({ evidence, moment }: ContributionsProps): ReactNode {
  if (moment || evidence.value === null) return <Deciding evidence={evidence} />
  return <Sum evidence={evidence} />
}

function Deciding({ evidence }: { evidence: EvidenceView }): ReactNode {
  return (
    <div>
      <p className={classes['caption']}>The touchpoint that decides</p>
      <ul>
        {evidence.contributions.map((one) => (
          <li key={one.touchpointId}>
            <Touchpoint one={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Touchpoint({ one }: { one: EvidenceView['contributions'][number] }): ReactNode {
  const note = touchpointNote(one)
  return (
    <>
      <span className={classes['name']}>
        {touchpointName(one)}
        {note !== '' && <span className={classes['note']}> {note}</span>}
      </span>
      <span className={classes['note']}>
        <Moment at={one.at} /> · {words(one.channel)}
        {one.because !== '' && ` · ${one.because}`}
      </span>
    </>
  )
}

function Sum({ evidence }: { evidence: EvidenceView }): ReactNode {
  const digits = digitsOf(evidence)
  const parts = [
    ...evidence.contributions.map((one) => one.contribution),
    evidence.restContribution,
  ]
  const sum = parts.reduce((left, right) => left + right, 0)
  const shown = roundToTotal(parts, sum, digits)
  return (
    <table className={classes['table']}>
      <caption className={classes['caption']}>
        {plural(evidence.contributions.length + evidence.restCount, 'contribution')}, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Touchpoint</th>
          <th scope="col">Weight</th>
          <th scope="col">× left by now</th>
          <th scope="col">= counts</th>
        </tr>
      </thead>
      <tbody>
        {evidence.contributions.map((one, index) => (
          <tr key={`${one.touchpointId} ${one.measure} ${index}`}>
            <th scope="row">
              <Touchpoint one={one} />
            </th>
            <td>{formatSigned(one.weight, digits)}</td>
            <td>{formatFixed(one.decay * 100, 0)} %</td>
            <td className={classes['counts']}>{formatSigned(shown[index] ?? 0, digits)}</td>
          </tr>
        ))}
        {evidence.restCount > 0 && (
          <tr>
            <th scope="row" colSpan={3}>
              {plural(evidence.restCount, 'older contribution')}, together
            </th>
            <td className={classes['counts']}>{formatSigned(shown.at(-1) ?? 0, digits)}</td>
          </tr>
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={3}>
            Together
          </th>
          <td>{formatFixed(sum, digits)}</td>
        </tr>
        <ThenFormula evidence={evidence} sum={sum} digits={digits} />
      </tfoot>
    </table>
  )
}

/** Some numbers (a dimension's 0..100) are a curve over the sum: say so where they differ. */
function ThenFormula(props: { evidence: EvidenceView; sum: number; digits: number }): ReactNode {
  const { evidence, sum, digits } = props
  if (evidence.value === null || Math.abs(evidence.value - sum) < 0.005) return null
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {evidence.name}, by the formula above
      </th>
      <td>{formatFixed(evidence.value, digits)}</td>
    </tr>
  )
}
