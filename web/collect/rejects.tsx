import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Reject } from '../answers.ts'
import { queries, sayProblem, send } from '../api.ts'
import { CodeEditor } from '../ui/code-editor.tsx'
import { Tag } from '../ui/facts.tsx'
import { More } from '../ui/more.tsx'
import { Panel } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { doUnlessUndone, tell, tellFailure } from '../ui/toast.tsx'
import { Ago } from '../ui/time.tsx'
import classes from './rejects.module.css'

/** What could not be taken, why, and the way to mend it: edit, then send it again. */
export function Rejects({ source }: { source: string | undefined }): ReactNode {
  const answer = useInfiniteQuery(queries.rejects(source))
  const [search, setSearch] = useState('')
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const replayAll = useReplayAll()
  const wanted = search.trim().toLowerCase()
  const dismiss = (reject: Reject): void => {
    setHidden((old) => old.union(new Set([reject.id])))
    doUnlessUndone(
      'Dismissed',
      () => {
        send('POST', `/api/rejects/${encodeURIComponent(reject.id)}/dismiss`).catch(
          (error: unknown) => tellFailure(sayProblem(error)),
        )
      },
      () => setHidden((old) => old.difference(new Set([reject.id]))),
    )
  }
  return (
    <Panel
      title="Rejects"
      about="Nothing is lost: each keeps its reason, and can be mended and replayed."
      flush
      actions={
        <div className={classes['tools']}>
          <SearchField label="Search rejects" value={search} onChange={setSearch} />
          <Button
            variant="default"
            disabled={replayAll.isPending || answer.data?.pages[0]?.rejects.length === 0}
            onClick={() => replayAll.mutate(source)}
          >
            Replay all
          </Button>
        </div>
      }
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={6} height={40} />}>
        {({ pages }) => {
          const shown = pages
            .flatMap((page) => page.rejects)
            .filter((reject) => reject.state === 'open' && !hidden.has(reject.id))
            .filter((reject) => JSON.stringify(reject).toLowerCase().includes(wanted))
          return (
            <>
              {shown.length === 0 && (
                <div className={classes['empty']}>
                  <Empty title={wanted === '' ? 'Nothing was rejected' : 'No reject matches'}>
                    <p>
                      When a source sends something that cannot be read, it waits here.{' '}
                      <Link to="/sources" search={{ tab: 'live' }} className={classes['link']}>
                        Look at the live events
                      </Link>
                    </p>
                  </Empty>
                </div>
              )}
              <ul>
                {shown.map((reject) => (
                  <RejectRow key={reject.id} reject={reject} dismiss={() => dismiss(reject)} />
                ))}
              </ul>
              <More
                hasMore={answer.hasNextPage}
                fetching={answer.isFetchingNextPage}
                fetchMore={answer.fetchNextPage}
              />
            </>
          )
        }}
      </WhenReady>
    </Panel>
  )
}

function useReplayAll() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (source: string | undefined) =>
      send('POST', '/api/rejects/replay', source === undefined ? {} : { source }),
    onSuccess: () => tell('Replayed. What is still wrong stays here.'),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['rejects'] }),
  })
}

function RejectRow({ reject, dismiss }: { reject: Reject; dismiss: () => void }): ReactNode {
  const [open, setOpen] = useState(false)
  return (
    <li className={classes['item']}>
      <div className={classes['row']}>
        <div className={classes['text']}>
          <p className={classes['reason']}>{reject.reason}</p>
          <p className={classes['note']}>
            {reject.source.name} · <Ago at={reject.at} /> · <Tag>{reject.code}</Tag>
          </p>
        </div>
        <div className={classes['actions']}>
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Close' : 'Mend and replay'}
          </Button>
          <Button size="xs" variant="subtle" onClick={dismiss}>
            Dismiss
          </Button>
        </div>
      </div>
      {open && <Mend reject={reject} />}
    </li>
  )
}

function Mend({ reject }: { reject: Reject }): ReactNode {
  const client = useQueryClient()
  const [text, setText] = useState(() =>
    typeof reject.event === 'string' ? reject.event : JSON.stringify(reject.event, null, 2),
  )
  const fault = jsonFault(text)
  const replay = useMutation({
    mutationFn: (event: unknown) =>
      send('POST', `/api/rejects/${encodeURIComponent(reject.id)}/replay`, { event }),
    onSuccess: () => tell('Replayed and accepted.'),
    onError: (error) => tellFailure(sayProblem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['rejects'] }),
  })
  return (
    <div className={classes['mend']}>
      <CodeEditor label="The event as JSON" value={text} onChange={setText} rows={12} />
      <div className={classes['row']}>
        <p className={classes['note']} role="status">
          {fault ?? 'Valid JSON'}
        </p>
        <Button
          size="xs"
          disabled={fault !== null || replay.isPending}
          onClick={() => replay.mutate(JSON.parse(text))}
        >
          Replay
        </Button>
      </div>
    </div>
  )
}

function jsonFault(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : 'Not valid JSON'
  }
}
