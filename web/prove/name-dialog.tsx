/** Asks for a name. */
import { Button, Modal, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dashboard.module.css'

interface NameDialogProps {
  readonly title: string
  readonly length: number
  /** Null where it is closed. */
  readonly name: string | null
  readonly change: (name: string | null) => void
  readonly save: (name: string) => void
}

export function NameDialog({ title, length, name, change, save }: NameDialogProps): ReactNode {
  const close = (): void => change(null)
  return (
    <Modal
      opened={name !== null}
      onClose={close}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          const given = name?.trim() ?? ''
          if (given === '') return
          save(given)
          close()
        }}
      >
        <TextInput
          label="Name"
          value={name ?? ''}
          maxLength={length}
          required
          data-autofocus
          onChange={(event) => change(event.currentTarget.value)}
        />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit">Rename</Button>
        </div>
      </form>
    </Modal>
  )
}
