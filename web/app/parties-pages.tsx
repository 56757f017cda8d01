import type { ReactNode } from 'react'
import { FirstEvent } from '../collect/first-event.tsx'
import { Parties } from '../measure/parties.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page, Panel } from '../ui/page.tsx'

export function PeoplePage(): ReactNode {
  return (
    <Page title="People" about="Everyone Rapport has met, anonymous or known.">
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
