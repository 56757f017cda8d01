/** The command palette: pages and segments by name, people and accounts by search on the server. */
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { IconCirclePlus, IconCircles, IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { queries } from '../api.ts'
import { healthWords, HealthShape } from '../domain/health-mark.tsx'
import { pages } from './navigation.ts'

const [store, spotlight] = createSpotlight()

export function Palette({ asked }: { asked: number }): ReactNode {
  const [query, setQuery] = useState('')
  const navigate = useNavigate()
  useEffect(() => {
    if (asked > 0) spotlight.open()
  }, [asked])
  const wanted = query.trim().toLowerCase()
  const found = pages.filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(wanted))
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      lockScroll={false}
      centered={false}
      scrollable
      maxHeight={480}
      clearQueryOnClose
      aria-label="Search or go to"
    >
      <Spotlight.Search
        placeholder="A page, a name, an e-mail address…"
        aria-label="Search or go to"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
      />
      <Spotlight.ActionsList>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {found.map((page) => (
              <Spotlight.Action
                key={page.to}
                label={page.name}
                description={page.about}
                leftSection={<page.icon size={20} stroke={1.6} aria-hidden="true" />}
                onClick={() => void navigate({ to: page.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        <Segments search={wanted} />
        <Parties search={wanted} />
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/** So many by name; the page of segments has a search over all of what they say. */
const mostSegments = 5

function Segments({ search }: { search: string }): ReactNode {
  const navigate = useNavigate()
  const segments = useQuery(queries.segmentNames()).data?.segments ?? []
  const found = segments.filter(({ name }) => name.toLowerCase().includes(search))
  const canMake = 'new segment'.includes(search)
  if (search === '' || (found.length === 0 && !canMake)) return null
  return (
    <Spotlight.ActionsGroup label="Segments">
      {found.slice(0, mostSegments).map(({ id, name }) => (
        <Spotlight.Action
          key={id}
          label={name}
          leftSection={<IconCircles size={20} stroke={1.6} aria-hidden="true" />}
          onClick={() => void navigate({ to: '/segments/$segmentId', params: { segmentId: id } })}
        />
      ))}
      {canMake && (
        <Spotlight.Action
          label="New segment"
          description="From conditions of your own"
          leftSection={<IconCirclePlus size={20} stroke={1.6} aria-hidden="true" />}
          onClick={() => void navigate({ to: '/segments/new' })}
        />
      )}
    </Spotlight.ActionsGroup>
  )
}

/**
 * Spotlight chooses the first line when something is typed; what arrives later from the server is
 * not chosen by it. So that Enter goes there, it is marked in the way Spotlight marks its own.
 */
function chooseFirst(): void {
  const list = document.getElementById(store.getState().listId)
  if (!list || list.querySelector('[data-selected]')) return
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  store.updateState((state) => ({ ...state, selected: 0 }))
}

function Parties({ search }: { search: string }): ReactNode {
  const [settled] = useDebouncedValue(search, 120)
  const navigate = useNavigate()
  const enabled = settled.length > 0
  const people = useQuery({ ...queries.partySearch(settled, 'person'), enabled })
  const accounts = useQuery({ ...queries.partySearch(settled, 'account', 4), enabled })
  const parties =
    search === '' ? [] : [...(people.data?.parties ?? []), ...(accounts.data?.parties ?? [])]
  const first = parties[0]?.id
  useEffect(() => {
    if (first !== undefined) chooseFirst()
  }, [first])
  if (search !== '' && parties.length === 0) {
    return (
      <Spotlight.Empty>{people.isFetching ? 'Searching…' : 'No one by that name'}</Spotlight.Empty>
    )
  }
  if (parties.length === 0) return null
  return (
    <Spotlight.ActionsGroup label="People and accounts">
      {parties.map((party) => (
        <Spotlight.Action
          key={party.id}
          label={party.displayName}
          description={`${party.rung.name}, ${healthWords[party.health].toLowerCase()}`}
          leftSection={<HealthShape colour={party.health} />}
          onClick={() =>
            void navigate({
              to: party.kind === 'person' ? '/people/$partyId' : '/accounts/$partyId',
              params: { partyId: party.id },
            })
          }
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}
