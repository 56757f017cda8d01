import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './states.module.css'

/** What stands where nothing is yet, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <div className={classes['empty']}>
      <h3>{title}</h3>
      {children !== undefined && <div className={classes['next']}>{children}</div>}
    </div>
  )
}

export function Failed({ says, retry }: { says: string; retry?: () => void }): ReactNode {
  return (
    <div className={classes['failed']} role="alert">
      <p>{says}</p>
      {retry && (
        <Button variant="default" size="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** Grey lines of the height that the content will have. */
export function Lines({ count = 4, height = 20 }: { count?: number; height?: number }): ReactNode {
  return (
    <div className={classes['lines']} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} width={`${100 - ((index * 17) % 30)}%`} radius={6} />
      ))}
    </div>
  )
}

interface Answer<T> {
  readonly data: T | undefined
  readonly error: unknown
  readonly refetch: () => unknown
}

interface WhenReadyProps<T> {
  readonly answer: Answer<T>
  /** The error in words. */
  readonly says: (error: unknown) => string
  readonly waiting?: ReactNode
  readonly children: (data: T) => ReactNode
}

/** Old data stands while new data is fetched; grey lines stand only where there was none. */
export function WhenReady<T>({ answer, says, waiting, children }: WhenReadyProps<T>): ReactNode {
  if (answer.data !== undefined) return children(answer.data)
  if (answer.error) return <Failed says={says(answer.error)} retry={() => answer.refetch()} />
  return waiting ?? <Lines />
}
