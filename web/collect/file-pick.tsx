import { Button } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import classes from './import-page.module.css'

export function FilePick({ onPick }: { onPick: (file: File) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const pick = (files: FileList | null): void => {
    const file = files?.[0]
    if (file) onPick(file)
  }
  return (
    <div
      className={classes['drop']}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        pick(event.dataTransfer.files)
      }}
    >
      <IconFileUpload size={32} stroke={1.4} aria-hidden="true" />
      <p>
        Drop a file here: orders, contacts, reviews, tickets, anything with a person and a time.
      </p>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        className={classes['input']}
        aria-label="File to import"
        accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz,text/csv,application/x-ndjson"
        onChange={(event) => pick(event.currentTarget.files)}
      />
      <Button onClick={() => input.current?.click()}>Choose a file</Button>
    </div>
  )
}
