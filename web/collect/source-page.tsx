import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Source } from '../answers.ts'
import { queries, sayProblem } from '../api.ts'
import { words } from '../domain/words.ts'
import { Choice } from '../ui/choice.tsx'
import { CodeBlock, CopyText } from '../ui/code-block.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Page, Panel } from '../ui/page.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import { LiveEvents } from './live-events.tsx'
import { snippets } from './snippets.ts'
import { SourceCounts } from './source-counts.tsx'
import classes from './source-page.module.css'

export function SourcePage(): ReactNode {
  const { sourceId } = useParams({ from: '/team/sources/$sourceId' })
  const answer = useQuery(queries.sources())
  const source = answer.data?.sources.find(({ id }) => id === sourceId)
  return (
    <Page
      title={source?.name ?? 'Source'}
      above={
        <nav aria-label="Breadcrumb" className={classes['crumb']}>
          <Link to="/sources">Sources</Link>
        </nav>
      }
      about={
        source && (
          <>
            {words(source.kind)}, since <Moment at={source.createdAt} />,{' '}
            {source.lastSeenAt ? (
              <>
                last event <Ago at={source.lastSeenAt} />
              </>
            ) : (
              'nothing received yet'
            )}
          </>
        )
      }
      actions={
        <LinkButton to="/sources" search={{ tab: 'rejects', source: sourceId }} variant="default">
          Rejects
        </LinkButton>
      }
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={28} />}>
        {() =>
          source ? (
            <>
              <Panel title="Counts">
                <SourceCounts source={source} />
              </Panel>
              {source.writeKey !== null && <Connect source={source} writeKey={source.writeKey} />}
              <LiveEvents source={source.id} />
            </>
          ) : (
            <Empty title="There is no such source">
              <Link to="/sources">All sources</Link>
            </Empty>
          )
        }
      </WhenReady>
    </Page>
  )
}

function Connect({ source, writeKey }: { source: Source; writeKey: string }): ReactNode {
  const all = snippets(location.origin, writeKey)
  const first = source.kind === 'server' ? 'curl' : 'website'
  const [chosen, setChosen] = useState(first)
  const snippet = all.find(({ id }) => id === chosen) ?? all[0]
  return (
    <Panel
      title="Connect"
      about="Every client of Segment works: give it this address and this write key."
    >
      <dl className={classes['key']}>
        <div>
          <dt>Write key</dt>
          <dd>
            <code>{writeKey}</code> <CopyText text={writeKey} of="the write key" />
          </dd>
        </div>
        <div>
          <dt>Address</dt>
          <dd>
            <code>{location.origin}/v1</code>{' '}
            <CopyText text={`${location.origin}/v1`} of="the address" />
          </dd>
        </div>
      </dl>
      <div className={classes['choose']}>
        <Choice
          label="How to send"
          value={chosen}
          onChange={setChosen}
          options={all.map(({ id, label }) => ({ value: id, label }))}
        />
      </div>
      {snippet && <CodeBlock label={snippet.label} code={snippet.code} />}
    </Panel>
  )
}
