import { Button } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './states.module.css'

interface MoreProps {
  readonly hasMore: boolean
  readonly fetching: boolean
  readonly fetchMore: () => unknown
}

/** The end of a long list: the next page is fetched when it comes near, or when pressed. */
export function More({ hasMore, fetching, fetchMore }: MoreProps): ReactNode {
  const end = useRef<HTMLDivElement>(null)
  const fetch = useRef(fetchMore)
  useEffect(() => {
    fetch.current = fetchMore
  })
  useEffect(() => {
    const element = end.current
    if (!element || !hasMore || fetching) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) fetch.current()
      },
      { rootMargin: '600px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasMore, fetching])
  if (!hasMore) return null
  return (
    <div ref={end} className={classes['more']}>
      <Button variant="subtle" size="xs" onClick={() => fetchMore()} disabled={fetching}>
        {fetching ? 'Fetching more…' : 'Show more'}
      </Button>
    </div>
  )
}
