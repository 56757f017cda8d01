import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { RecentTouchpoint } from '../answers.ts'
import { queries, sayProblem } from '../api.ts'
import { PartyLink } from '../domain/party-link.tsx'
import { Choice } from '../ui/choice.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { Panel } from '../ui/page.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Empty, Lines, WhenReady } from '../ui/states.tsx'
import { Clock } from '../ui/time.tsx'
import { FirstEvent } from './first-event.tsx'
import classes from './live-events.module.css'
import { TouchpointRow } from './touchpoint-row.tsx'

/** The events as they arrive: readable or raw, and paused when one wants to look closely. */
export function LiveEvents({ source }: { source: string | undefined }): ReactNode {
  const [paused, setPaused] = useState(false)
  const [shape, setShape] = useState<'pretty' | 'raw'>('pretty')
  const [search, setSearch] = useState('')
  // While paused nothing is asked, not even when the server says that there is news.
  const answer = useQuery({ ...queries.recent(source), enabled: !paused })
  const wanted = search.trim().toLowerCase()
  return (
    <Panel
      title="Live events"
      about={paused ? 'Paused' : 'The newest 50, updated as they arrive'}
      flush
      actions={
        <div className={classes['tools']}>
          <SearchField label="Search these events" value={search} onChange={setSearch} />
          <Choice
            label="How to show"
            value={shape}
            onChange={setShape}
            options={[
              { value: 'pretty', label: 'Pretty' },
              { value: 'raw', label: 'Raw' },
            ]}
          />
          <Button
            variant="default"
            onClick={() => setPaused(!paused)}
            aria-pressed={paused}
            leftSection={
              paused ? (
                <IconPlayerPlay size={16} aria-hidden />
              ) : (
                <IconPlayerPause size={16} aria-hidden />
              )
            }
          >
            {paused ? 'Go on' : 'Pause'}
          </Button>
        </div>
      }
    >
      <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={8} height={28} />}>
        {({ touchpoints }) => {
          const shown =
            wanted === ''
              ? touchpoints
              : touchpoints.filter((one) => JSON.stringify(one).toLowerCase().includes(wanted))
          if (touchpoints.length === 0) return <NothingYet source={source} />
          if (shown.length === 0) {
            return (
              <div className={classes['pad']}>
                <Empty title="None of these events matches" />
              </div>
            )
          }
          return shape === 'pretty' ? <Pretty touchpoints={shown} /> : <Raw touchpoints={shown} />
        }}
      </WhenReady>
    </Panel>
  )
}

function NothingYet({ source }: { source: string | undefined }): ReactNode {
  return (
    <div className={classes['pad']}>
      <Empty title="Waiting for the first event">
        <p>Send one, and it appears here at once:</p>
        <FirstEvent source={source} />
      </Empty>
    </div>
  )
}

function Pretty({ touchpoints }: { touchpoints: readonly RecentTouchpoint[] }): ReactNode {
  return (
    <ul>
      {touchpoints.map((touchpoint) => (
        <TouchpointRow
          key={touchpoint.id}
          touchpoint={touchpoint}
          who={touchpoint.party ? <PartyLink party={touchpoint.party} /> : ''}
          when={<Clock at={touchpoint.receivedAt} />}
        />
      ))}
    </ul>
  )
}

function Raw({ touchpoints }: { touchpoints: readonly RecentTouchpoint[] }): ReactNode {
  return (
    <div className={classes['raw']}>
      {touchpoints.map((touchpoint) => (
        <CodeBlock
          key={touchpoint.id}
          label={`${touchpoint.type} ${touchpoint.event}, ${touchpoint.receivedAt}`}
          code={JSON.stringify(touchpoint, null, 2)}
        />
      ))}
    </div>
  )
}
