import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import classes from './toast.module.css'

/** How long an action can be taken back from its toast. */
const undoMs = 8_000

export function tell(message: string): void {
  notifications.show({ message, withBorder: true })
}

export function tellFailure(message: string): void {
  notifications.show({
    title: 'That did not work',
    message,
    withBorder: true,
    autoClose: 10_000,
    className: classes['failure'] ?? '',
  })
}

function WithUndo({ message, undo }: { message: string; undo: () => void }): ReactNode {
  return (
    <span className={classes['row']}>
      <span>{message}</span>
      <Button size="compact-sm" variant="light" onClick={undo}>
        Undo
      </Button>
    </span>
  )
}

/** Done already, and can be taken back: `undo` reverses it on the server. */
export function tellUndo(message: string, undo: () => void): void {
  const id = crypto.randomUUID()
  const takeBack = (): void => {
    notifications.hide(id)
    undo()
  }
  notifications.show({
    id,
    message: <WithUndo message={message} undo={takeBack} />,
    withBorder: true,
    autoClose: undoMs,
  })
}

/**
 * For what the server cannot take back (a key that is revoked): it is shown as done, and done only
 * when the time to undo is over or the page is left.
 */
export function doUnlessUndone(message: string, act: () => void, undone: () => void): void {
  const id = crypto.randomUUID()
  let open = true
  const close = (then: () => void): void => {
    if (!open) return
    open = false
    clearTimeout(timer)
    removeEventListener('pagehide', commit)
    notifications.hide(id)
    then()
  }
  const commit = (): void => close(act)
  const timer = setTimeout(commit, undoMs)
  addEventListener('pagehide', commit)
  notifications.show({
    id,
    message: <WithUndo message={message} undo={() => close(undone)} />,
    withBorder: true,
    autoClose: false,
    onClose: commit,
  })
}
