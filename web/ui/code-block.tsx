import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './code-block.module.css'

/** Text to copy: always plain text, never marked up, whoever wrote it. */
export function CodeBlock({ label, code }: { label: string; code: string }): ReactNode {
  return (
    <figure className={classes['block']}>
      <figcaption className={classes['caption']}>
        <span>{label}</span>
        <CopyText text={code} of={label} />
      </figcaption>
      <pre className={classes['code']} tabIndex={0} role="region" aria-label={label}>
        {code}
      </pre>
    </figure>
  )
}

export function CopyText({ text, of }: { text: string; of: string }): ReactNode {
  return (
    <CopyButton value={text} timeout={1600}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={copy}
          aria-label={copied ? `Copied: ${of}` : `Copy: ${of}`}
          leftSection={
            copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
          }
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  )
}
