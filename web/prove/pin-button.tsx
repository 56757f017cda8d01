/** Pins a report, with all that it is asked, to a dashboard. */
import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Pick } from '../ui/pick.tsx'
import { tell } from '../ui/toast.tsx'
import { addPin, dashboardQueries, makeDashboard, queryOf, useDashboardChange } from './dashboard-queries.ts' // prettier-ignore
import type { ReportSearch } from './report-search.ts'
import classes from './dashboard.module.css'

interface PinButtonProps {
  readonly report: string
  readonly title: string
  readonly search: ReportSearch
}

export function PinButton(props: PinButtonProps): ReactNode {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Pin
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Pin to a dashboard"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened && <PinForm {...props} close={() => setOpened(false)} />}
      </Modal>
    </>
  )
}

interface Pinning {
  readonly dashboard: string | undefined
  readonly newName: string
  readonly title: string
  readonly wide: boolean
}

function PinForm({ report, title, search, close }: PinButtonProps & { close: () => void }) {
  const known = useQuery(dashboardQueries.all()).data?.dashboards
  const [chosen, setChosen] = useState<string | null>(null)
  const [newName, setNewName] = useState('')
  const [pinTitle, setPinTitle] = useState(title)
  const [wide, setWide] = useState(false)
  const dashboard = chosen ?? known?.[0]?.id
  const isNew = dashboard === undefined || dashboard === 'new'
  const pin = useDashboardChange(
    async (given: Pinning): Promise<string> => {
      const to =
        given.dashboard === undefined || given.dashboard === 'new'
          ? await makeDashboard(given.newName.trim())
          : {
              id: given.dashboard,
              name: known?.find(({ id }) => id === given.dashboard)?.name ?? '',
            }
      const query = queryOf(search)
      await addPin(to.id, { report, title: given.title.trim(), query, wide: given.wide })
      return to.name
    },
    (name) => {
      tell(`Pinned to “${name}”.`)
      close()
    },
  )
  const isComplete = pinTitle.trim() !== '' && (!isNew || newName.trim() !== '')
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault()
        if (isComplete) pin.mutate({ dashboard, newName, title: pinTitle, wide })
      }}
    >
      {(known?.length ?? 0) > 0 && (
        <Pick
          label="Dashboard"
          options={[
            ...(known ?? []).map(({ id, name }) => ({ value: id, label: name })),
            { value: 'new', label: 'New dashboard…' },
          ]}
          value={dashboard}
          onChange={(value) => setChosen(value ?? 'new')}
        />
      )}
      {isNew && (
        <TextInput
          label="Name of the dashboard"
          placeholder="Growth, every Monday"
          value={newName}
          maxLength={80}
          required
          onChange={(event) => setNewName(event.currentTarget.value)}
        />
      )}
      <TextInput
        label="Title of the pin"
        value={pinTitle}
        maxLength={120}
        required
        onChange={(event) => setPinTitle(event.currentTarget.value)}
      />
      <Checkbox
        label="Over the whole width"
        checked={wide}
        onChange={(event) => setWide(event.currentTarget.checked)}
      />
      <p className={classes['note']}>It keeps what is asked now. {relativeNote(search)}</p>
      <div className={classes['buttons']}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" disabled={!isComplete} loading={pin.isPending}>
          Pin
        </Button>
      </div>
    </form>
  )
}

export function relativeNote({ from, to, days }: ReportSearch): string {
  if (from !== undefined || to !== undefined) {
    return 'Its period is fixed; choose “Last … days” for one that moves on.'
  }
  return `Its period moves on: always the last ${days ?? 90} days.`
}
