/** All dashboards. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Empty, WhenReady } from '../ui/states.tsx'
import { dashboardQueries, makeDashboard, useDashboardChange } from './dashboard-queries.ts'
import classes from './dashboard.module.css'
import reportClasses from './report.module.css'

export function DashboardsPage(): ReactNode {
  const answer = useQuery(dashboardQueries.all())
  return (
    <Page
      title="Dashboards"
      about="Reports beside each other, each as it was pinned, always as of now."
      actions={<NewDashboard />}
    >
      <WhenReady answer={answer} says={sayProblem}>
        {({ dashboards }) =>
          dashboards.length === 0 ? (
            <Empty title="No dashboard yet">
              Open a <Link to="/reports">report</Link>, choose what it shows, and press “Pin”.
            </Empty>
          ) : (
            <ul className={reportClasses['list']}>
              {dashboards.map(({ id, name, titles }) => (
                <li key={id}>
                  <Link
                    to="/dashboards/$dashboardId"
                    params={{ dashboardId: id }}
                    className={reportClasses['card']}
                  >
                    <strong>{name}</strong>
                    <span>{titles.length === 0 ? 'Nothing pinned yet' : contentOf(titles)}</span>
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </WhenReady>
    </Page>
  )
}

function contentOf(titles: readonly string[]): string {
  const shown = titles.slice(0, 4).join(', ')
  const more = titles.length - 4
  return more > 0 ? `${shown} and ${more} more` : shown
}

function NewDashboard(): ReactNode {
  const navigate = useNavigate()
  const [name, setName] = useState<string | null>(null)
  const close = (): void => setName(null)
  const make = useDashboardChange(makeDashboard, ({ id }) => {
    close()
    void navigate({ to: '/dashboards/$dashboardId', params: { dashboardId: id } })
  })
  return (
    <>
      <Button onClick={() => setName('')}>New dashboard</Button>
      <Modal
        opened={name !== null}
        onClose={close}
        title="New dashboard"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <form
          className={classes['form']}
          onSubmit={(event) => {
            event.preventDefault()
            if (name !== null && name.trim() !== '') make.mutate(name.trim())
          }}
        >
          <TextInput
            label="Name"
            placeholder="Growth, every Monday"
            value={name ?? ''}
            maxLength={80}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div className={classes['buttons']}>
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending}>
              Make it
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
