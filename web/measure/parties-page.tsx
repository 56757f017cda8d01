import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queries } from '../api.ts'
import { healthWords } from '../domain/health-mark.tsx'
import { Page } from '../ui/page.tsx'
import { Pick } from '../ui/pick.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PartyList } from './party-list.tsx'
import type { PartySearch } from './party-search.ts'
import classes from './parties-page.module.css'

export function PeoplePage(): ReactNode {
  return (
    <Page title="People" about="Everyone Rapport has met, anonymous or known.">
      <Parties kind="person" />
    </Page>
  )
}

export function AccountsPage(): ReactNode {
  return (
    <Page title="Accounts" about="Companies. An account is the sum of its people.">
      <Parties kind="account" />
    </Page>
  )
}

const sorts = [
  { value: 'recent', label: 'Last seen first' },
  { value: 'rung', label: 'Highest rung first' },
  { value: 'name', label: 'By name' },
]

function Parties({ kind }: { kind: 'person' | 'account' }): ReactNode {
  const search: PartySearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const rungs = useQuery(queries.ladder()).data?.rungs ?? []
  const personas = useQuery(queries.model()).data?.model.personas ?? []
  const change = (part: PartySearch): void => {
    void navigate({ to: '.', search: (old) => ({ ...old, ...part }), replace: true })
  }
  return (
    <>
      <div className={classes['filters']} role="search">
        <div className={classes['search']}>
          <SearchField
            label={kind === 'person' ? 'Search people' : 'Search accounts'}
            placeholder={kind === 'person' ? 'Name, e-mail or any identifier' : 'Name or domain'}
            value={search.search ?? ''}
            onChange={(value) => change({ search: value || undefined })}
          />
        </div>
        <Pick
          label="Rung"
          any="Any rung"
          value={search.rung}
          options={rungs.map((rung) => ({ value: rung.id, label: rung.name }))}
          onChange={(rung) => change({ rung })}
        />
        <Pick
          label="Health"
          any="Any health"
          value={search.health}
          options={Object.entries(healthWords).map(([value, label]) => ({ value, label }))}
          onChange={(health) => change({ health })}
        />
        {personas.length > 0 && kind === 'person' && (
          <Pick
            label="Persona"
            any="Any persona"
            value={search.persona}
            options={personas.map((persona) => ({ value: persona.id, label: persona.name }))}
            onChange={(persona) => change({ persona })}
          />
        )}
        <Pick
          label="Order"
          value={search.sort ?? 'recent'}
          options={sorts}
          onChange={(sort) => change({ sort: sort === 'recent' ? undefined : sort })}
        />
      </div>
      <PartyList
        filter={{ kind, ...search }}
        clear={() =>
          change({
            search: undefined,
            rung: undefined,
            health: undefined,
            persona: undefined,
            account: undefined,
          })
        }
      />
    </>
  )
}
