import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Source } from '../answers.ts'
import { queries, sayProblem, send } from '../api.ts'
import { words } from '../domain/words.ts'
import { Tag } from '../ui/facts.tsx'
import { Panel } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty, Failed, Lines, WhenReady } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { FirstEvent } from './first-event.tsx'
import { SourceCounts } from './source-counts.tsx'
import classes from './source-list.module.css'

export function SourceList(): ReactNode {
  const answer = useQuery(queries.sources())
  const [search, setSearch] = useState('')
  const [adding, setAdding] = useState(false)
  const wanted = search.trim().toLowerCase()
  return (
    <>
      <div className={classes['tools']}>
        <div className={classes['search']}>
          <SearchField label="Search sources" value={search} onChange={setSearch} />
        </div>
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          Add a source
        </Button>
      </div>
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={5} height={48} />}>
        {({ sources }) => {
          const shown = sources.filter((source) =>
            `${source.name} ${source.kind}`.toLowerCase().includes(wanted),
          )
          if (sources.length === 0) {
            return (
              <Panel title="No source yet">
                <Empty title="Add a source to get a write key, then send an event:">
                  <FirstEvent />
                </Empty>
              </Panel>
            )
          }
          if (shown.length === 0) return <Empty title="No source matches" />
          return (
            <ul className={classes['list']}>
              {shown.map((source) => (
                <SourceRow key={source.id} source={source} />
              ))}
            </ul>
          )
        }}
      </WhenReady>
      <AddSource opened={adding} close={() => setAdding(false)} />
    </>
  )
}

function SourceRow({ source }: { source: Source }): ReactNode {
  return (
    <li className={classes['row']}>
      <div className={classes['head']}>
        <Link to="/sources/$sourceId" params={{ sourceId: source.id }} className={classes['name']}>
          {source.name}
        </Link>
        <Tag>{words(source.kind)}</Tag>
        <span className={classes['seen']}>
          {source.lastSeenAt ? (
            <>
              last event <Ago at={source.lastSeenAt} />
            </>
          ) : (
            'nothing received yet'
          )}
        </span>
      </div>
      <SourceCounts source={source} />
    </li>
  )
}

/** What a source may be; the server keeps it as a word for people. */
const kinds = ['website', 'app', 'server', 'import', 'webhook']

function AddSource({ opened, close }: { opened: boolean; close: () => void }): ReactNode {
  const client = useQueryClient()
  const navigate = useNavigate()
  const add = useMutation({
    mutationFn: (body: { name: string; kind: string }) =>
      send<Source>('POST', '/api/sources', body),
    onSuccess: async (source) => {
      close()
      await client.invalidateQueries({ queryKey: ['sources'] })
      await navigate({ to: '/sources/$sourceId', params: { sourceId: source.id } })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    add.mutate({ name: String(form.get('name')), kind: String(form.get('kind')) })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Add a source"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={classes['form']} onSubmit={submit}>
        <TextInput
          name="name"
          label="Name"
          placeholder="Our website"
          required
          withAsterisk={false}
          maxLength={100}
          data-autofocus
        />
        <NativeSelect
          name="kind"
          label="What it is"
          data={kinds.map((value) => ({ value, label: words(value) }))}
        />
        {add.error && <Failed says={sayProblem(add.error)} />}
        <Button type="submit" disabled={add.isPending}>
          Add and get the write key
        </Button>
      </form>
    </Modal>
  )
}
