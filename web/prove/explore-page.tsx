/** Any question to the history, in SQL: an editor, the answer below, what can be asked beside it. */
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { ApiProblem, askExplore, queries, sayProblem } from '../api.ts'
import { CodeEditor } from '../ui/code-editor.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { ExploreAnswerPanel } from './explore-answer.tsx'
import { SchemaBrowser } from './explore-schema.tsx'
import { searchOf, sqlOf, type ExploreSearch } from './explore-search.ts'
import { useSavedQuestions } from './saved-questions.ts'
import classes from './explore.module.css'

const firstQuestion = `select kind, count() as touchpoints, uniq(party_id) as people
from history
group by kind
order by touchpoints desc`

export function ExplorePage(): ReactNode {
  const search = useSearch({ from: '/team/explore' }) as ExploreSearch
  const navigate = useNavigate()
  const schema = useQuery(queries.exploreSchema())
  const [sql, setSql] = useState(firstQuestion)
  const { saved, keep, forget } = useSavedQuestions()
  const area = useRef<HTMLTextAreaElement>(null)
  const asking = useMutation({ mutationFn: askExplore })
  const show = (change: ExploreSearch): void =>
    void navigate({ to: '/explore', search: (old: ExploreSearch) => ({ ...old, ...change }), replace: true }) // prettier-ignore
  const ask = (question: string): void => {
    setSql(question)
    asking.mutate(question)
    void searchOf(question).then(show)
  }
  useAddressed(search, ask)
  const insert = (name: string): void => {
    const field = area.current
    if (field === null) return
    field.setRangeText(name, field.selectionStart, field.selectionEnd, 'end')
    setSql(field.value)
    field.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    ask(sql)
  }
  return (
    <Page
      title="Explore"
      about="Any question to the history of every relationship, in SQL. Nothing can be changed by it."
    >
      <div className={classes['page']}>
        <div className={classes['main']}>
          <Panel
            title="Question"
            about="Ctrl and Enter asks. The address holds the question: send it to share."
            actions={
              <div className={classes['controls']}>
                <Keep sql={sql} keep={keep} />
                <Button onClick={() => ask(sql)} loading={asking.isPending}>
                  Ask
                </Button>
              </div>
            }
          >
            {/* The keys of the text area within come up to here. */}
            <div onKeyDown={onKeyDown} role="presentation">
              <CodeEditor
                label="Question in SQL"
                value={sql}
                onChange={setSql}
                rows={12}
                area={area}
                faults={faultsOf(asking.error)}
              />
            </div>
            {asking.error && (
              <p className={classes['problem']} role="alert">
                {asking.error instanceof ApiProblem && asking.error.detail !== ''
                  ? asking.error.detail
                  : sayProblem(asking.error)}
              </p>
            )}
          </Panel>
          {asking.data && !asking.error && (
            <ExploreAnswerPanel
              sql={asking.variables}
              answer={asking.data}
              show={search.show}
              setShow={(form) => show({ show: form })}
            />
          )}
        </div>
        <WhenReady answer={schema} says={sayProblem} waiting={<Lines count={8} />}>
          {(data) => <SchemaBrowser {...{ saved, insert, forget }} schema={data} take={ask} />}
        </WhenReady>
      </div>
    </Page>
  )
}

/** Asks the question that the page was opened with, once. */
function useAddressed(search: ExploreSearch, ask: (sql: string) => void): void {
  const isRead = useRef(false)
  useEffect(() => {
    if (isRead.current) return
    isRead.current = true
    void sqlOf(search).then((sql) => {
      if (sql !== null) ask(sql)
    })
  })
}

function faultsOf(error: unknown): { line: number; message: string }[] {
  if (!(error instanceof ApiProblem)) return []
  const line = /^Line (\d+)/.exec(error.detail)?.[1]
  return line === undefined ? [] : [{ line: Number(line), message: error.detail }]
}

function Keep(props: {
  readonly sql: string
  readonly keep: (question: { name: string; sql: string }) => void
}): ReactNode {
  const [name, setName] = useState('')
  return (
    <form
      className={classes['controls']}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() === '') return
        props.keep({ name: name.trim(), sql: props.sql })
        setName('')
      }}
    >
      <input
        className={classes['name']}
        aria-label="Name to keep the question under"
        placeholder="Keep as …"
        value={name}
        maxLength={80}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={name.trim() === ''}>
        Keep
      </Button>
    </form>
  )
}
