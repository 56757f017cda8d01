import { Button, Switch, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { ApiKey } from '../answers.ts'
import { queries, sayProblem, send } from '../api.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { Columns, Page, Panel, Stack } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty, Failed, WhenReady } from '../ui/states.tsx'
import { doUnlessUndone, tellFailure } from '../ui/toast.tsx'
import { Moment } from '../ui/time.tsx'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import { entry } from './form-entry.ts'
import classes from './settings-page.module.css'
import { setSingleKeys, singleKeysOn } from './shortcuts.ts'
import { useSignOut } from './use-sign-out.ts'

export function SettingsPage(): ReactNode {
  return (
    <Page title="Settings">
      <Columns wide={2}>
        <Keys />
        <Stack>
          <Display />
          <Account />
        </Stack>
      </Columns>
    </Page>
  )
}

function Keys(): ReactNode {
  const answer = useQuery(queries.keys())
  const [search, setSearch] = useState('')
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const client = useQueryClient()
  const wanted = search.trim().toLowerCase()
  const revoke = (key: ApiKey): void => {
    setHidden((old) => old.union(new Set([key.id])))
    doUnlessUndone(
      `Revoked ${key.name}`,
      () => {
        send('DELETE', `/api/keys/${encodeURIComponent(key.id)}`)
          .catch((error: unknown) => tellFailure(sayProblem(error)))
          .finally(() => void client.invalidateQueries({ queryKey: ['keys'] }))
      },
      () => setHidden((old) => old.difference(new Set([key.id]))),
    )
  }
  return (
    <Panel title="API keys" about="For programs that read: send it as Authorization: Bearer …">
      <NewKey />
      <WhenReady answer={answer} says={sayProblem}>
        {({ keys }) => {
          const live = keys.filter((key) => key.revokedAt === null && !hidden.has(key.id))
          const shown = live.filter((key) => key.name.toLowerCase().includes(wanted))
          if (live.length === 0) {
            return (
              <Empty title="No key yet">
                <p>Make one above, then read the ladder from a terminal:</p>
                <CodeBlock
                  label="curl"
                  code={`curl -H 'authorization: Bearer YOUR_KEY' ${location.origin}/api/ladder`}
                />
              </Empty>
            )
          }
          return (
            <>
              {live.length > 5 && (
                <SearchField label="Search keys" value={search} onChange={setSearch} />
              )}
              <ul className={classes['keys']}>
                {shown.map((key) => (
                  <li key={key.id} className={classes['key']}>
                    <div>
                      <div className={classes['name']}>{key.name}</div>
                      <div className={classes['note']}>
                        ends in <code>{key.lastFour}</code>, made <Moment at={key.createdAt} />
                      </div>
                    </div>
                    <Button size="xs" variant="default" onClick={() => revoke(key)}>
                      Revoke
                    </Button>
                  </li>
                ))}
              </ul>
            </>
          )
        }}
      </WhenReady>
    </Panel>
  )
}

function NewKey(): ReactNode {
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: (name: string) => send<ApiKey & { key: string }>('POST', '/api/keys', { name }),
    onSettled: () => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    make.mutate(entry(new FormData(event.currentTarget), 'name'))
    event.currentTarget.reset()
  }
  return (
    <div className={classes['new']}>
      <form className={classes['form']} onSubmit={submit}>
        <TextInput
          name="name"
          aria-label="Name of the new key"
          placeholder="What it is for"
          required
          maxLength={100}
        />
        <Button type="submit" disabled={make.isPending}>
          Make a key
        </Button>
      </form>
      {make.error && <Failed says={sayProblem(make.error)} />}
      {make.data && (
        <div role="status">
          <p className={classes['note']}>Copy it now: it is not shown again.</p>
          <CodeBlock label={make.data.name} code={make.data.key} />
        </div>
      )}
    </div>
  )
}

function Display(): ReactNode {
  const [keys, setKeys] = useState(singleKeysOn)
  return (
    <Panel title="Display and keyboard">
      <div className={classes['row']}>
        <span>Light or dark</span>
        <ColorSchemeSwitch />
      </div>
      <Switch
        label="Single-key shortcuts such as / and ?"
        checked={keys}
        onChange={(event) => {
          setKeys(event.currentTarget.checked)
          setSingleKeys(event.currentTarget.checked)
        }}
      />
    </Panel>
  )
}

function Account(): ReactNode {
  const user = useQuery(queries.session()).data?.user
  const signOut = useSignOut()
  return (
    <Panel title="You">
      <p className={classes['name']}>{user?.name}</p>
      <p className={classes['note']}>{user?.email}</p>
      <Button variant="default" mt={16} onClick={signOut}>
        Sign out
      </Button>
    </Panel>
  )
}
