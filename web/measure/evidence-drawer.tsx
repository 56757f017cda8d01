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
import { formatFixed, formatNumber, formatSigned, plural, roundToTotal } from '../ui/number.ts'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './evidence-drawer.module.css'

const digits = 2

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
  return (
    <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={28} />}>
      {(evidence) => (
        <>
          <div className={classes['head']}>
            <h3>{evidence.name}</h3>
            <p className={classes['value']}>
              {evidence.text ??
                (evidence.value === null ? 'Nothing yet' : formatNumber(evidence.value, digits))}
            </p>
            <p className={classes['formula']}>{evidence.formula}</p>
          </div>
          {evidence.contributions.length === 0 ? (
            <Empty title="No touchpoint has counted here yet">
              <p>The number will move with the first touchpoint that the model counts for it.</p>
            </Empty>
          ) : (
            <Contributions evidence={evidence} />
          )}
          <p className={classes['asOf']}>
            As of <Moment at={evidence.asOf} exact />. Robots are never counted.
          </p>
        </>
      )}
    </WhenReady>
  )
}

function Contributions({ evidence }: { evidence: EvidenceView }): ReactNode {
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
              <span className={classes['name']}>
                {touchpointName(one)}
                {touchpointNote(one) !== '' && (
                  <span className={classes['note']}> {touchpointNote(one)}</span>
                )}
              </span>
              <span className={classes['note']}>
                <Moment at={one.at} /> · {words(one.channel)}
                {one.because !== '' && ` · ${one.because}`}
              </span>
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
        <ThenFormula evidence={evidence} sum={sum} />
      </tfoot>
    </table>
  )
}

/** Some numbers (a dimension's 0..100) are a curve over the sum: say so where they differ. */
function ThenFormula({ evidence, sum }: { evidence: EvidenceView; sum: number }): ReactNode {
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
