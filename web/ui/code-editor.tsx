import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import classes from './code-editor.module.css'

interface CodeEditorProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Lines with a fault, from 1. */
  readonly faults?: readonly { line: number; message: string }[]
  readonly rows?: number
}

const indent = '  '

/** A text area with line numbers. Tab indents; Escape and then Tab leaves it. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const { label, value, onChange, faults = [], rows = 24 } = props
  const gutter = useRef<HTMLDivElement>(null)
  const leaving = useRef(false)
  const hint = useId()
  const lines = value.split('\n').length
  const faulty = new Map(faults.map((fault) => [fault.line, fault.message]))
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Escape') {
      leaving.current = true
      return
    }
    if (event.key !== 'Tab' || event.shiftKey || leaving.current) {
      leaving.current = event.key === 'Shift' && leaving.current
      return
    }
    event.preventDefault()
    const area = event.currentTarget
    area.setRangeText(indent, area.selectionStart, area.selectionEnd, 'end')
    onChange(area.value)
  }
  return (
    <div className={classes['editor']}>
      <div className={classes['gutter']} ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, index) => (
          <span
            key={index}
            title={faulty.get(index + 1)}
            data-fault={faulty.has(index + 1) || undefined}
          >
            {index + 1}
          </span>
        ))}
      </div>
      <textarea
        className={classes['text']}
        aria-label={label}
        aria-describedby={hint}
        aria-invalid={faults.length > 0}
        value={value}
        rows={rows}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
      <span id={hint} className={classes['hint']}>
        Tab indents. Press Escape, then Tab, to leave.
      </span>
    </div>
  )
}
