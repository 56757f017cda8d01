import { type KeyboardEvent, type ReactNode, type Ref, useId, useRef } from 'react'
import classes from './code-editor.module.css'

interface CodeEditorProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Lines with a fault, from 1. */
  readonly faults?: readonly { line: number; message: string }[]
  readonly rows?: number
  readonly area?: Ref<HTMLTextAreaElement>
}

const indent = '  '

/** Brings a line (from 1) into view and marks it. */
export function showLine(area: HTMLTextAreaElement, line: number): void {
  const lines = area.value.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  area.focus()
  area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
  area.scrollTop = ((line - 5) / lines.length) * area.scrollHeight
}

/** A text area with line numbers. Tab indents; Escape and then Tab leaves it. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const { label, value, onChange, faults = [], rows = 24, area } = props
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
    const field = event.currentTarget
    field.setRangeText(indent, field.selectionStart, field.selectionEnd, 'end')
    onChange(field.value)
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
        ref={area}
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
