/** When a report is sent, to whom, and as what. */
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { DeliveryAbilities, DeliveryFormat, ScheduleDraft, ScheduleView } from '../../src/domain/schedule-view.ts' // prettier-ignore
import { tell } from '../ui/toast.tsx'
import { queryOf } from './dashboard-queries.ts'
import { relativeNote } from './pin-button.tsx'
import type { ReportSearch } from './report-search.ts'
import { draftOf, scheduleChanges, useScheduleChange } from './schedule-queries.ts'
import { formatNames, timeText, weekdays } from './schedule-words.ts'
import classes from './schedule.module.css'

interface ScheduleFormProps {
  readonly report: string
  readonly title: string
  readonly search: ReportSearch
  readonly can: DeliveryAbilities
  /** What is changed; null for a new one. */
  readonly given: ScheduleView | null
  /** Null where there is nothing to go back to. */
  readonly close: (() => void) | null
  readonly saved: () => void
}

const formats: readonly DeliveryFormat[] = ['pdf', 'png', 'csv']

function newDraft({ report, title, search, can }: ScheduleFormProps): ScheduleDraft {
  return {
    ...{ report, title, query: queryOf(search), every: 'week', hour: 8, minute: 0 },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...{ weekday: 1, monthDay: 1, targets: [], paused: false },
    channel: can.email ? 'email' : 'webhook',
    formats: can.pictures ? ['pdf', 'csv'] : ['csv'],
  }
}

export function ScheduleForm(props: ScheduleFormProps): ReactNode {
  const { given, can, close, saved } = props
  const [draft, setDraft] = useState(() => (given === null ? newDraft(props) : draftOf(given)))
  const [targets, setTargets] = useState(() => draft.targets.join(', '))
  const change = (part: Partial<ScheduleDraft>): void => setDraft((old) => ({ ...old, ...part }))
  const save = useScheduleChange(scheduleChanges.save, () => {
    tell(given === null ? 'The schedule is set.' : 'The schedule is changed.')
    saved()
  })
  const isMail = draft.channel === 'email'
  const to = isMail ? targets.split(/[\s,;]+/).filter(Boolean) : [targets.trim()].filter(Boolean)
  const isComplete = to.length > 0 && draft.formats.length > 0 && draft.title.trim() !== ''
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (isComplete) save.mutate({ id: given?.id ?? null, draft: { ...draft, targets: to } })
      }}
    >
      <TextInput
        label="Title"
        value={draft.title}
        maxLength={120}
        required
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <When draft={draft} change={change} />
      <div className={classes['row']}>
        <NativeSelect
          label="By"
          value={draft.channel}
          onChange={(event) =>
            change({ channel: isMailValue(event.currentTarget.value) ? 'email' : 'webhook' })
          }
          data={[
            { value: 'email', label: 'E-mail' },
            { value: 'webhook', label: 'Webhook' },
          ]}
        />
        <TextInput
          className={classes['wide'] ?? ''}
          label={isMail ? 'To' : 'Address'}
          placeholder={isMail ? 'ada@example.com, team@example.com' : 'https://example.com/hook'}
          value={targets}
          required
          onChange={(event) => setTargets(event.currentTarget.value)}
        />
      </div>
      {isMail && !can.email && (
        <p className={classes['fault']}>
          No mail server is configured. Set SMTP_URL and MAIL_FROM, start again, or use a webhook.
        </p>
      )}
      <Formats draft={draft} change={change} can={can} />
      <p className={classes['muted']}>{relativeNote(draft.query)}</p>
      <div className={classes['buttons']}>
        {close !== null && (
          <Button variant="default" onClick={close}>
            Back
          </Button>
        )}
        <Button type="submit" disabled={!isComplete} loading={save.isPending}>
          {given === null ? 'Set the schedule' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

const isMailValue = (value: string): boolean => value === 'email'

interface PartProps {
  readonly draft: ScheduleDraft
  readonly change: (part: Partial<ScheduleDraft>) => void
}

function When({ draft, change }: PartProps): ReactNode {
  const [zones] = useState(() => [...new Set([draft.zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]) // prettier-ignore
  return (
    <div className={classes['row']}>
      <NativeSelect
        label="Every"
        value={draft.every}
        onChange={(event) => {
          const every = (['day', 'week', 'month'] as const).find(
            (one) => one === event.currentTarget.value,
          )
          if (every) change({ every, weekday: draft.weekday ?? 1, monthDay: draft.monthDay ?? 1 })
        }}
        data={[
          { value: 'day', label: 'Day' },
          { value: 'week', label: 'Week' },
          { value: 'month', label: 'Month' },
        ]}
      />
      {draft.every === 'week' && (
        <NativeSelect
          label="On"
          value={String(draft.weekday ?? 1)}
          onChange={(event) => change({ weekday: Number(event.currentTarget.value) })}
          data={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
        />
      )}
      {draft.every === 'month' && (
        <NativeSelect
          label="On day"
          value={String(draft.monthDay ?? 1)}
          onChange={(event) => change({ monthDay: Number(event.currentTarget.value) })}
          data={Array.from({ length: 31 }, (_, index) => ({
            value: String(index + 1),
            label: index === 30 ? 'The last' : String(index + 1),
          }))}
        />
      )}
      <TextInput
        label="At"
        type="time"
        value={timeText(draft.hour, draft.minute)}
        required
        onChange={(event) => {
          const [hour, minute] = event.currentTarget.value.split(':').map(Number)
          if (hour !== undefined && minute !== undefined) change({ hour, minute })
        }}
      />
      <NativeSelect
        className={classes['wide'] ?? ''}
        label="By the clock of"
        value={draft.zone}
        onChange={(event) => change({ zone: event.currentTarget.value })}
        data={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      />
    </div>
  )
}

function Formats({ draft, change, can }: PartProps & { can: DeliveryAbilities }): ReactNode {
  return (
    <fieldset className={classes['formats']}>
      <legend>As</legend>
      {formats.map((format) => (
        <Checkbox
          key={format}
          label={formatNames[format].replace(/^./, (first) => first.toUpperCase())}
          checked={draft.formats.includes(format)}
          disabled={format !== 'csv' && !can.pictures}
          onChange={(event) => {
            const isOn = event.currentTarget.checked
            change({ formats: formats.filter((one) => (one === format ? isOn : draft.formats.includes(one))) }) // prettier-ignore
          }}
        />
      ))}
      {!can.pictures && (
        <p className={classes['muted']}>
          Pictures need Chromium on the server, which was not found. Tables are sent without it.
        </p>
      )}
    </fieldset>
  )
}
