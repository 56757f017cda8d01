import { NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'

interface PickProps {
  readonly label: string
  /** What stands for no choice. */
  readonly any?: string
  readonly options: readonly { value: string; label: string }[]
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

/** A choice out of few: the browser's own list, which every phone and screen reader knows. */
export function Pick({ label, any, options, value, onChange }: PickProps): ReactNode {
  return (
    <NativeSelect
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      data={[...(any === undefined ? [] : [{ value: '', label: any }]), ...options]}
    />
  )
}
