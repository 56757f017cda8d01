import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'

const order = ['auto', 'light', 'dark'] as const
const said = {
  auto: { words: 'Light and dark as the system', icon: IconDeviceDesktop },
  light: { words: 'Always light', icon: IconSun },
  dark: { words: 'Always dark', icon: IconMoon },
}

/** As the system says, always light, always dark: in this order, round and round. */
export function ColorSchemeSwitch(): ReactNode {
  // Without `keepTransitions` Mantine adds a style element, which the security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const { words, icon: Icon } = said[colorScheme]
  return (
    <Tooltip label={words}>
      <ActionIcon
        variant="subtle"
        aria-label={`${words}. Change.`}
        onClick={() => setColorScheme(order[(order.indexOf(colorScheme) + 1) % 3] ?? 'auto')}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}
