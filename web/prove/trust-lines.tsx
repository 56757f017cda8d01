/** What was paid in and taken out, by reason, kind, channel, source or topic. */
import type { ReactNode } from 'react'
import type { LedgerLine, TrustPicture } from '../../src/domain/reports/trust.ts'
import { words } from '../domain/words.ts'
import { formatCount, formatNumber, formatSigned } from '../ui/number.ts'
import { Panel } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import type { TrustPartProps } from './trust-part.ts'
import classes from './trust.module.css'

const mostShown = 25

export function TrustLines({ answer: { picture, compared } }: TrustPartProps): ReactNode {
  const { lines, by } = picture
  const most = Math.max(...lines.map((line) => Math.max(line.deposits, line.withdrawals)), 1e-9)
  const before = new Map(compared?.picture.lines.map((line) => [line.id, line]))
  return (
    <Panel
      title="What filled it, what drained it"
      about="Points on the day they came; the stripe inside is what is left of them at the end of the period."
    >
      {lines.length === 0 ? (
        <Empty title="Nothing was paid in or taken out in this period">
          Choose a longer period.
        </Empty>
      ) : (
        <ul className={classes['lines']} aria-label="Withdrawals and deposits">
          {lines.slice(0, mostShown).map((line) => (
            <li key={line.id}>
              <span className={classes['name']}>{lineName(line.id, by)}</span>
              <Side
                side="withdrawal"
                amount={line.withdrawals}
                left={line.withdrawalsLeft}
                most={most}
              />{' '}
              {/* prettier-ignore */}
              <Side
                side="deposit"
                amount={line.deposits}
                left={line.depositsLeft}
                most={most}
              />
              <span className={classes['value']}>
                {saysLine(line)}
                <Before line={before.get(line.id)} with={compared?.with} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Before(props: { line: LedgerLine | undefined; with: string | undefined }): ReactNode {
  if (!props.line) return null
  const { deposits, withdrawals } = props.line
  return (
    <span className={classes['note']}>
      {props.with}: {formatSigned(deposits - withdrawals)}
    </span>
  )
}

function lineName(id: string, by: TrustPicture['by']): string {
  if (id === '') return `Without a ${by}`
  return by === 'because' || by === 'source' ? id : words(id)
}

function saysLine(line: LedgerLine): ReactNode {
  const { deposits, withdrawals, depositEntries, withdrawalEntries } = line
  const left = line.depositsLeft - line.withdrawalsLeft
  return (
    <>
      {deposits > 0 && withdrawals > 0
        ? `${formatSigned(deposits)}, ${formatSigned(-withdrawals)}`
        : formatSigned(deposits - withdrawals)}
      <span className={classes['note']}>
        {formatCount(depositEntries + withdrawalEntries)} times; {formatNumber(left)} left
      </span>
    </>
  )
}

function Side(props: {
  readonly side: 'deposit' | 'withdrawal'
  readonly amount: number
  readonly left: number
  readonly most: number
}): ReactNode {
  const { side, amount, left, most } = props
  const share = (value: number): string =>
    value <= 0 ? '0' : `max(2px, ${Math.min(1, value / most) * 100}%)`
  return (
    <span className={classes['side']} data-side={side} aria-hidden="true">
      <span className={classes['amount']} style={{ width: share(amount) }} />
      <span className={classes['left']} style={{ width: share(left) }} />
    </span>
  )
}
