import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { queries, sayProblem } from '../api.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { Lines, WhenReady } from '../ui/states.tsx'
import { curlSnippet, type FirstCall } from './snippets.ts'

interface FirstEventProps {
  readonly source?: string | undefined
  readonly of?: FirstCall
}

/** One event to paste into a terminal, with the write key already in it. */
export function FirstEvent({ source, of = 'track' }: FirstEventProps): ReactNode {
  const answer = useQuery(queries.sources())
  return (
    <WhenReady answer={answer} says={sayProblem} waiting={<Lines count={6} height={14} />}>
      {({ sources }) => {
        const keyed = sources.filter((one) => one.writeKey !== null)
        const chosen = keyed.find((one) => one.id === source) ?? keyed[0]
        return (
          <CodeBlock
            label="curl"
            code={curlSnippet(location.origin, chosen?.writeKey ?? 'YOUR_WRITE_KEY', of)}
          />
        )
      }}
    </WhenReady>
  )
}
