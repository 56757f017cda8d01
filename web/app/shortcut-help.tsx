import { Kbd, Modal } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { Facts } from '../ui/facts.tsx'
import { pages } from './navigation.ts'

const keys = (...names: string[]): ReactNode =>
  names.map((name, index) => (
    <span key={name}>
      {index > 0 && ' '}
      <Kbd>{name}</Kbd>
    </span>
  ))

/** `asked` counts how often it was asked for; each time it opens again. */
export function ShortcutHelp({ asked }: { asked: number }): ReactNode {
  const [opened, setOpened] = useState(true)
  useEffect(() => setOpened(true), [asked])
  return (
    <Modal
      opened={opened}
      onClose={() => setOpened(false)}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Facts
        facts={[
          { name: 'Search or go anywhere', value: keys('Ctrl or ⌘', 'K') },
          { name: 'Search this page', value: keys('/') },
          { name: 'Next and previous in a list', value: keys('j', 'k') },
          { name: 'Close what is open', value: keys('Esc') },
          { name: 'These shortcuts', value: keys('?') },
          ...pages.map((page) => ({ name: `Go to ${page.name}`, value: keys('g', page.key) })),
        ]}
      />
    </Modal>
  )
}
