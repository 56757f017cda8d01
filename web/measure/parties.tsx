import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queries } from '../api.ts'
import { healthWords } from '../domain/health-mark.tsx'
import { Pick } from '../ui/pick.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { PartyList } from './party-list.tsx'
import type { PartySearch } from './party-search.ts'
import classes from './parties.module.css'

const sorts = [
  { value: 'recent', label: 'Last seen first' },
  { value: 'rung', label: 'Highest rung first' },
  { value: 'name', label: 'By name' },
]

interface PartiesProps {
  readonly kind: 'person' | 'account'
  /** What to do where there is no one at all. */
  readonly whenNone: ReactNode
}

/** The filters, kept in the address, and the list that they leave. */
export function Parties({ kind, whenNone }: PartiesProps): ReactNode {
  const search: PartySearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const rungs = useQuery(queries.ladder()).data?.rungs ?? []
  const personas = useQuery(queries.model()).data?.model.personas ?? []
  const segments = useQuery(queries.segmentNames()).data?.segments ?? []
  const choices = segments.filter((segment) => segment.kind === kind)
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
        {choices.length > 0 && (
          <Pick
            label="Segment"
            any="Any segment"
            value={search.segment}
            options={choices.map((segment) => ({ value: segment.id, label: segment.name }))}
            onChange={(segment) => change({ segment })}
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
        whenNone={whenNone}
        clear={() =>
          change({
            search: undefined,
            rung: undefined,
            health: undefined,
            persona: undefined,
            account: undefined,
            segment: undefined,
          })
        }
      />
    </>
  )
}
