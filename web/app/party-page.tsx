/** The page of a person, and of an account: the rooms meet here. */
import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { PartyDetail } from '../../src/domain/view.ts'
import { ApiProblem, queries, sayProblem } from '../api.ts'
import { Timeline } from '../collect/timeline.tsx'
import { Identity } from '../identify/identity.tsx'
import { EvidenceDrawer } from '../measure/evidence-drawer.tsx'
import { Measures } from '../measure/measures.tsx'
import { PartyHeading } from '../measure/party-header.tsx'
import { PartyOverview } from '../measure/party-overview.tsx'
import type { PartyView } from '../measure/party-search.ts'
import { Statement } from '../measure/statement.tsx'
import { PartyPredictions } from '../predict/party-predictions.tsx'
import { PartySegments } from '../segment/party-segments.tsx'
import { Page } from '../ui/page.tsx'
import { Failed, Lines } from '../ui/states.tsx'
import { TabLinks } from '../ui/tab-links.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import classes from './party-page.module.css'

export function PartyPage(): ReactNode {
  const { partyId = '' } = useParams({ strict: false })
  const view: PartyView = useSearch({ strict: false })
  const answer = useQuery(queries.party(partyId))
  const party = answer.data
  if (!party) {
    if (answer.error instanceof ApiProblem && answer.error.status === 404) return <NotFoundPage />
    return (
      <Page title="Loading">
        {answer.error ? (
          <Failed says={sayProblem(answer.error)} retry={() => void answer.refetch()} />
        ) : (
          <Lines count={12} height={24} />
        )}
      </Page>
    )
  }
  // An old link to someone who was merged leads to who they are now.
  if (party.id !== partyId) {
    const to = party.kind === 'person' ? '/people/$partyId' : '/accounts/$partyId'
    return <Navigate to={to} params={{ partyId: party.id }} search={view} replace />
  }
  const title = party.displayName || 'Without a name'
  return (
    <Page
      title={title}
      above={
        <nav aria-label="Breadcrumb" className={classes['crumb']}>
          {party.kind === 'person' ? (
            <Link to="/people">People</Link>
          ) : (
            <Link to="/accounts">Accounts</Link>
          )}
        </nav>
      }
      heading={<span className={classes['name']}>{title}</span>}
      about={<PartyHeading party={party} />}
    >
      <TabLinks label={`Parts of ${title}`} tabs={tabs} current={view.tab ?? 'overview'} />
      <Part party={party} view={view} />
      <EvidenceDrawer partyId={party.id} of={view.evidence} />
    </Page>
  )
}

const tabs = [
  { id: 'overview', name: 'Overview' },
  { id: 'timeline', name: 'Timeline' },
  { id: 'trust', name: 'Trust account' },
  { id: 'measures', name: 'Measures' },
  { id: 'predictions', name: 'Predictions' },
  { id: 'segments', name: 'Segments' },
  { id: 'identity', name: 'Identity' },
]

function Part({ party, view }: { party: PartyDetail; view: PartyView }): ReactNode {
  if (view.tab === 'timeline') {
    return <Timeline partyId={party.id} kind={view.kind} channel={view.channel} />
  }
  if (view.tab === 'trust') return <Statement partyId={party.id} />
  if (view.tab === 'measures') return <Measures party={party} />
  if (view.tab === 'predictions') return <PartyPredictions partyId={party.id} />
  if (view.tab === 'segments') {
    return <PartySegments party={party} segment={view.segment} at={view.at} />
  }
  if (view.tab === 'identity') return <Identity party={party} />
  return <PartyOverview party={party} />
}
