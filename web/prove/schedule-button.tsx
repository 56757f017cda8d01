/** Sends a report at set times: who gets it, when next, what became of the last. */
import { Badge, Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { DeliveryAbilities, ScheduleView } from '../../src/domain/schedule-view.ts'
import { sayProblem } from '../api.ts'
import { WhenReady } from '../ui/states.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import { tellUndo } from '../ui/toast.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import { draftOf, scheduleChanges, scheduleQueries, useScheduleChange } from './schedule-queries.ts'
import type { ReportSearch } from './report-search.ts'
import { whatText, whenText } from './schedule-words.ts'
import classes from './schedule.module.css'

interface ScheduleButtonProps {
  readonly report: string
  readonly title: string
  readonly search: ReportSearch
}

export function ScheduleButton(props: ScheduleButtonProps): ReactNode {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Schedule
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Send “${props.title}”`}
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <Schedules {...props} />}
      </Modal>
    </>
  )
}

function Schedules(props: ScheduleButtonProps): ReactNode {
  const answer = useQuery(scheduleQueries.of(props.report))
  const [edited, setEdited] = useState<ScheduleView | 'new' | null>(null)
  return (
    <WhenReady answer={answer} says={sayProblem}>
      {({ schedules, can }) => {
        const isFirst = schedules.length === 0
        if (edited !== null || isFirst) {
          return (
            <ScheduleForm
              {...props}
              can={can}
              given={edited === 'new' ? null : edited}
              close={isFirst ? null : () => setEdited(null)}
              saved={() => setEdited(null)}
            />
          )
        }
        return (
          <>
            <ul className={classes['list']}>
              {schedules.map((schedule) => (
                <li key={schedule.id}>
                  <Schedule schedule={schedule} can={can} edit={() => setEdited(schedule)} />
                </li>
              ))}
            </ul>
            <Button variant="default" onClick={() => setEdited('new')}>
              Another schedule
            </Button>
          </>
        )
      }}
    </WhenReady>
  )
}

interface ScheduleProps {
  readonly schedule: ScheduleView
  readonly can: DeliveryAbilities
  readonly edit: () => void
}

function Schedule({ schedule, can, edit }: ScheduleProps): ReactNode {
  const { id, title, paused, nextAt, secret, channel } = schedule
  const sendNow = useScheduleChange(scheduleChanges.sendNow)
  const save = useScheduleChange(scheduleChanges.save)
  const restore = useScheduleChange(scheduleChanges.restore)
  const remove = useScheduleChange(scheduleChanges.remove, () =>
    tellUndo(`“${title}” is no longer sent.`, () => restore.mutate(id)),
  )
  return (
    <article className={classes['schedule']} aria-label={title}>
      <h3>
        {title} {paused && <Badge variant="light">paused</Badge>}
      </h3>
      <p>{whenText(schedule)}</p>
      <p className={classes['muted']}>{whatText(schedule)}</p>
      <p className={classes['muted']}>
        {paused ? (
          'Not sent until it goes on.'
        ) : (
          <>
            Next: <Moment at={nextAt} exact />
          </>
        )}
      </p>
      <LastDelivery schedule={schedule} />
      {channel === 'email' && !can.email && (
        <p className={classes['fault']}>
          No mail server is configured: set SMTP_URL and MAIL_FROM, and start again.
        </p>
      )}
      {secret !== null && (
        <details>
          <summary>Secret to check signatures with</summary>
          <code className={classes['secret']}>{secret}</code>
          <p className={classes['muted']}>Signed by the Standard Webhooks specification.</p>
        </details>
      )}
      <div className={classes['actions']}>
        <Button size="xs" variant="light" onClick={() => sendNow.mutate(id)}>
          Send now
        </Button>
        <Button size="xs" variant="default" onClick={edit}>
          Change
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => save.mutate({ id, draft: { ...draftOf(schedule), paused: !paused } })}
        >
          {paused ? 'Let it go on' : 'Pause'}
        </Button>
        <Button size="xs" variant="default" onClick={() => remove.mutate(id)}>
          Remove
        </Button>
      </div>
    </article>
  )
}

function LastDelivery({ schedule: { last } }: { schedule: ScheduleView }): ReactNode {
  if (last === null) return <p className={classes['muted']}>Nothing was sent yet.</p>
  const { state, error, sentAt, dueAt, nextTryAt, attempts } = last
  return (
    <p className={classes[state === 'failed' ? 'fault' : 'muted']} role="status">
      {state === 'sent' && (
        <>
          Last sent: <Ago at={sentAt ?? dueAt} />.{' '}
        </>
      )}
      {state === 'failed' && (
        <>
          Not sent, due <Ago at={dueAt} />.{' '}
        </>
      )}
      {state === 'sending' && 'It is being sent. '}
      {state === 'waiting' && attempts === 0 && error === null && 'It is being made. '}
      {state === 'waiting' && nextTryAt !== null && (attempts > 0 || error !== null) && (
        <>
          It is tried again: <Moment at={nextTryAt} exact />.{' '}
        </>
      )}
      {error}
    </p>
  )
}
