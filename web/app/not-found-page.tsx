import type { ReactNode } from 'react'
import { LinkButton } from '../ui/link-button.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage(): ReactNode {
  return (
    <Page
      title="Not found"
      heading="Nothing is here"
      about="The link may be old, or the person was merged into another one. Search for the name instead."
    >
      <div>
        <LinkButton to="/people" mr={8}>
          Search people
        </LinkButton>
        <LinkButton to="/" variant="default">
          Go home
        </LinkButton>
      </div>
    </Page>
  )
}
