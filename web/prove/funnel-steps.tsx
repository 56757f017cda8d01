/** The funnel itself: a bar a step, between them the time, beside them who went where. */
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FunnelPicture } from '../../src/domain/reports/funnel.ts'
import type { ReportAnswer } from '../../src/domain/report-view.ts'
import { formatCount, formatNumber, formatShare } from '../ui/number.ts'
import { words } from '../domain/words.ts'
import type { ReportSearch } from './report-search.ts'
import classes from './conversion.module.css'

type Step = FunnelPicture['steps'][number]

export function FunnelSteps(props: {
  readonly answer: ReportAnswer<FunnelPicture>
  readonly change: (change: ReportSearch) => void
}): ReactNode {
  const { answer, change } = props
  const { picture, compared } = answer
  return (
    <>
      <ol className={classes['funnel']}>
        {picture.steps.map((step, index) => (
          <li key={`${index} ${step.text}`} className={classes['funnelStep']}>
            {index > 0 && <Between step={step} before={picture.steps[index - 1]} />}
            <div className={classes['funnelRow']}>
              <span className={classes['funnelName']}>
                <span className={classes['number']}>{index + 1}</span> {step.name}
              </span>
              <Bars step={step} compared={compared?.picture.steps[index]} />
              <Figures step={step} compared={compared?.picture.steps[index]} />
            </div>
            {step.dropped > 0 && (
              <Dropped step={step} onOpen={() => change({ dropped: String(index + 1) })} />
            )}
          </li>
        ))}
      </ol>
      {compared && (
        <p className={classes['hint']}>
          <span className={classes['greyMark']} aria-hidden="true" /> {compared.with}
        </p>
      )}
    </>
  )
}

const percent = (share: number): string => `${formatNumber(share * 100, 1)} %`
const width = (share: number): string => `${Math.max(0, Math.min(1, share)) * 100}%`

function Bars({ step, compared }: { step: Step; compared: Step | undefined }): ReactNode {
  const { ofFirst } = step
  return (
    <span className={classes['bars']} aria-hidden="true">
      <span className={classes['track']}>
        <span
          className={classes['fill']}
          data-none={step.people === 0 || undefined}
          style={{ width: width(ofFirst?.value ?? 0) }}
        />
        {ofFirst && ofFirst.value < 1 && (
          <span
            className={classes['whisker']}
            style={{ left: width(ofFirst.low), right: width(1 - ofFirst.high) }}
          />
        )}
      </span>
      {compared && (
        <span
          className={classes['compared']}
          style={{ width: width(compared.ofFirst?.value ?? 0) }}
        />
      )}
    </span>
  )
}

function Figures({ step, compared }: { step: Step; compared: Step | undefined }): ReactNode {
  const { people, ofFirst } = step
  return (
    <span className={classes['figures']}>
      <strong>{formatCount(people)}</strong>
      {ofFirst && (
        <span className={classes['note']}>
          {percent(ofFirst.value)} ({percent(ofFirst.low)} to {percent(ofFirst.high)})
        </span>
      )}
      {compared && (
        <span className={classes['note']}>
          <span className={classes['greyMark']} aria-hidden="true" />{' '}
          <span className="visually-hidden">compared: </span>
          {formatCount(compared.people)}, {percent(compared.ofFirst?.value ?? 0)}
        </span>
      )}
    </span>
  )
}

/** What share of the step before went on, and after what time. */
function Between({ step, before }: { step: Step; before: Step | undefined }): ReactNode {
  const { ofPrevious, days } = step
  if (ofPrevious === null || before === undefined) return null
  return (
    <p className={classes['between']}>
      <span aria-hidden="true">↓</span> {percent(ofPrevious.value)} went on (
      {percent(ofPrevious.low)} to {percent(ofPrevious.high)})
      {days && (
        <>
          , half of them {days.median < atOnce ? 'at once' : `within ${duration(days.median)}`}{' '}
          <span className={classes['quiet']}>
            {days.threeQuarters < atOnce
              ? '(as most did'
              : `(middle half ${duration(days.quarter)} to ${duration(days.threeQuarters)}`}
            , of {formatCount(days.people)})
          </span>
        </>
      )}
    </p>
  )
}

function Dropped({ step, onOpen }: { step: Step; onOpen: () => void }): ReactNode {
  const total = step.next.reduce((sum, { people }) => sum + people, 0)
  return (
    <p className={classes['dropped']}>
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={onOpen}
        aria-label={`${formatCount(step.dropped)} came no farther than ${step.name}`}
      >
        {formatCount(step.dropped)} came no farther
      </Button>
      {total > 0 && (
        <span className={classes['quiet']}>
          Next:{' '}
          {step.next
            .slice(0, 4)
            .map(
              ({ kind, share }) =>
                `${kind === null ? 'nothing more' : words(kind).toLowerCase()} ${formatShare(share.value, 1)}`,
            )
            .join(', ')}
        </span>
      )}
    </p>
  )
}

/** A minute, in days: what happens sooner is one act. */
const atOnce = 1 / 1440

/** Days as a person says them. */
function duration(days: number): string {
  if (days < atOnce) return 'at once'
  if (days < 1 / 24) return `${formatNumber(days * 1440, 0)} min`
  if (days < 1) return `${formatNumber(days * 24, 1)} h`
  return `${formatNumber(days, 1)} days`
}
