import { useNavigate, useSearch } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { TabLinks } from '../ui/tab-links.tsx'
import { LiveEvents } from './live-events.tsx'
import { Rejects } from './rejects.tsx'
import { SourceList } from './source-list.tsx'

const tabs = [
  { id: 'sources', name: 'Sources' },
  { id: 'live', name: 'Live events' },
  { id: 'rejects', name: 'Rejects' },
]

export function SourcesPage(): ReactNode {
  const { tab = 'sources', source } = useSearch({ from: '/team/sources' })
  return (
    <Page
      title="Sources"
      about="What sends events here. Everything received is either accepted, a repeat or rejected: the counts add up."
      actions={tab === 'sources' ? undefined : <SourcePick source={source} />}
    >
      <TabLinks label="Parts of sources" tabs={tabs} current={tab} />
      {tab === 'live' && <LiveEvents source={source} />}
      {tab === 'rejects' && <Rejects source={source} />}
      {tab !== 'live' && tab !== 'rejects' && <SourceList />}
    </Page>
  )
}

function SourcePick({ source }: { source: string | undefined }): ReactNode {
  const navigate = useNavigate()
  const sources = useQuery(queries.sources()).data?.sources ?? []
  return (
    <Pick
      label="Source"
      any="Every source"
      value={source}
      options={sources.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(value) =>
        void navigate({ to: '.', search: (old) => ({ ...old, source: value }), replace: true })
      }
    />
  )
}
