/** Small fields of the builder: numbers with their unit, durations, lists in words. */
import { NativeSelect, TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import classes from './builder.module.css'

interface NumberFieldProps {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly unit?: string | undefined
  readonly min?: number
  readonly max?: number
  readonly invalid?: boolean
}

/** Text while it is typed, so that `0.` and an empty field stand; a number to everybody else. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { label, value, onChange, unit, min, max, invalid } = props
  const [text, setText] = useState(value === undefined ? '' : String(value))
  const told = useRef(value)
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(value === undefined ? '' : String(value))
  }, [value])
  return (
    <span className={classes['withUnit']}>
      <TextInput
        type="number"
        inputMode="decimal"
        step="any"
        min={min}
        max={max}
        aria-label={unit === undefined ? label : `${label}, ${unit}`}
        error={invalid}
        value={text}
        className={classes['number'] ?? ''}
        onChange={(event) => {
          const { value: typed, valueAsNumber } = event.currentTarget
          setText(typed)
          told.current = Number.isFinite(valueAsNumber) ? valueAsNumber : undefined
          onChange(told.current)
        }}
      />
      {unit !== undefined && (
        <span className={classes['unit']} aria-hidden="true">
          {unit}
        </span>
      )}
    </span>
  )
}

const units = [
  { value: 'h', label: 'hours' },
  { value: 'd', label: 'days' },
  { value: 'w', label: 'weeks' },
]

/** `30d`: a number and its unit. */
export function DurationField(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const { label, value, onChange } = props
  const unit = value.slice(-1)
  return (
    <span className={classes['withUnit']}>
      <NumberField
        label={label}
        value={Number(value.slice(0, -1))}
        min={1}
        max={9999}
        onChange={(count) => {
          const whole = Math.round(count ?? 0)
          if (whole >= 1 && whole <= 9999) onChange(`${whole}${unit}`)
        }}
      />
      <NativeSelect
        aria-label={`${label}: unit`}
        data={units}
        value={unit}
        onChange={(event) => onChange(`${value.slice(0, -1)}${event.currentTarget.value}`)}
      />
    </span>
  )
}

interface TextListProps {
  readonly label: string
  readonly value: readonly string[]
  readonly onChange: (value: string[]) => void
  readonly placeholder?: string
  readonly invalid?: boolean
}

const partsOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Several texts, with commas between. */
export function TextList(props: TextListProps): ReactNode {
  const { label, value, onChange, placeholder = 'One, another', invalid } = props
  const [text, setText] = useState(value.join(', '))
  return (
    <TextInput
      aria-label={`${label}, with commas between`}
      placeholder={placeholder}
      value={text}
      error={invalid}
      className={classes['text'] ?? ''}
      onChange={(event) => {
        setText(event.currentTarget.value)
        onChange(partsOf(event.currentTarget.value))
      }}
    />
  )
}
