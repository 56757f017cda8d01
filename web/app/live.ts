import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** The server tells what changed; queries of that name are asked again. */
const touched: Record<string, readonly (readonly string[])[]> = {
  ladder: [['ladder'], ['movers'], ['health-calendar'], ['reach'], ['parties']],
  touchpoints: [['sources'], ['recent'], ['rejects']],
  prediction: [['predictions']],
}
/** At most one refresh of a kind in so many milliseconds, however fast events arrive. */
const throttleMs = 2_000

interface News {
  readonly kind: string
  /** The parties or segments that changed; null where they are too many to name. */
  readonly ids?: readonly string[] | null
}

function keysOf(data: string): readonly (readonly string[])[] {
  const news = JSON.parse(data) as News
  if (news.kind === 'segment') {
    return [['segments'], ['parties'], ...(news.ids ?? []).map((id) => ['segment', id])]
  }
  if (news.kind !== 'party') return touched[news.kind] ?? []
  return news.ids ? news.ids.map((id) => ['party', id]) : [['party']]
}

/** Keeps what is on screen up to date. A page in the background waits until it is looked at. */
export function useLiveUpdates(): void {
  const client = useQueryClient()
  useEffect(() => {
    const waiting = new Map<string, readonly string[]>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = (): void => {
      timer = undefined
      if (document.hidden) return
      for (const key of waiting.values()) void client.invalidateQueries({ queryKey: key })
      waiting.clear()
    }
    const add = (keys: readonly (readonly string[])[]): void => {
      for (const key of keys) waiting.set(key.join(' '), key)
      timer ??= setTimeout(flush, throttleMs)
    }
    const events = new EventSource('/api/events')
    events.addEventListener('message', (event: MessageEvent<string>) => add(keysOf(event.data)))
    // What happened while nobody listened was not told: all of what is on screen is asked again.
    let wasAway = false
    events.addEventListener('error', () => {
      wasAway = true
    })
    events.addEventListener('open', () => {
      if (wasAway) add([[]])
      wasAway = false
    })
    const onVisible = (): void => {
      if (!document.hidden) flush()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      events.close()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [client])
}
