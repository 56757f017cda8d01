import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { FirstEvent } from '../collect/first-event.tsx'
import { Duplicates } from '../identify/duplicates.tsx'
import { duplicateQueries } from '../identify/duplicate-queries.ts'
import { Parties } from '../measure/parties.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { plural } from '../ui/number.ts'
import { Page, Panel } from '../ui/page.tsx'
import classes from './party-page.module.css'

export function PeoplePage(): ReactNode {
  return (
    <Page
      title="People"
      about="Everyone Rapport has met, anonymous or known."
      actions={<DuplicatesLink />}
    >
      <Parties
        kind="person"
        whenNone={
          <Panel
            title="No one is here yet"
            about="People appear with their first touchpoint. Paste this into a terminal, or:"
            actions={<OtherWays />}
          >
            <FirstEvent of="track" />
          </Panel>
        }
      />
    </Page>
  )
}

function DuplicatesLink(): ReactNode {
  const open = useQuery(duplicateQueries.count()).data?.open ?? 0
  return (
    <LinkButton to="/people/duplicates" variant="default">
      {open === 0 ? 'Possible duplicates' : plural(open, 'possible duplicate')}
    </LinkButton>
  )
}

export function DuplicatesPage(): ReactNode {
  return (
    <Duplicates
      above={
        <nav aria-label="Breadcrumb" className={classes['crumb']}>
          <Link to="/people">People</Link>
        </nav>
      }
    />
  )
}

export function AccountsPage(): ReactNode {
  return (
    <Page title="Accounts" about="Companies. An account is the sum of its people.">
      <Parties
        kind="account"
        whenNone={
          <Panel
            title="No account is here yet"
            about="A group call makes a person a member of an account. Paste this into a terminal, or:"
            actions={<OtherWays />}
          >
            <FirstEvent of="group" />
          </Panel>
        }
      />
    </Page>
  )
}

function OtherWays(): ReactNode {
  return (
    <div>
      <LinkButton to="/sources" size="xs" variant="default" mr={8}>
        Connect a source
      </LinkButton>
      <LinkButton to="/import" size="xs" variant="default">
        Import a file
      </LinkButton>
    </div>
  )
}
