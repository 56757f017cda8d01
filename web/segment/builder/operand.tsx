/** What a value is compared with: nothing, one, two, or a list of them, as the operator wants. */
import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Scalar, SegmentOperator } from '../../../src/domain/segment-view.ts'
import { operatorWords } from '../tree-words.ts'
import { wantsValue } from '../rule-tree.ts'
import classes from './builder.module.css'
import { NumberField, TextList } from './fields.tsx'

type Value = Scalar | Scalar[] | undefined

interface OperandProps {
  readonly operator: SegmentOperator
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly numeric: boolean
  readonly label: string
  readonly unit?: string | undefined
  readonly invalid?: boolean
}

const numberIn = (value: Value): number | undefined =>
  typeof value === 'number' ? value : undefined

export function Operand(props: OperandProps): ReactNode {
  const { operator, value, onChange, numeric, label, unit, invalid = false } = props
  const wanted = wantsValue(operator)
  if (wanted === 'nothing') return null
  if (wanted === 'two numbers') {
    const [low, high] = Array.isArray(value) ? value : []
    const tell = (pair: (number | undefined)[]): void => onChange(pair as Scalar[])
    return (
      <span className={classes['range']}>
        <NumberField
          label={`${label}, from`}
          value={numberIn(low)}
          invalid={invalid}
          onChange={(one) => tell([one, numberIn(high)])}
        />
        <span className={classes['word']}>and</span>
        <NumberField
          label={`${label}, to`}
          value={numberIn(high)}
          unit={unit}
          invalid={invalid}
          onChange={(one) => tell([numberIn(low), one])}
        />
      </span>
    )
  }
  if (wanted === 'number' || (wanted === 'scalar' && numeric)) {
    return (
      <NumberField
        label={label}
        value={numberIn(value as Scalar)}
        unit={unit}
        invalid={invalid}
        onChange={onChange}
      />
    )
  }
  if (wanted === 'scalars') {
    return (
      <TextList
        label={label}
        value={Array.isArray(value) ? value.map(String) : []}
        invalid={invalid}
        onChange={onChange}
      />
    )
  }
  return (
    <TextInput
      aria-label={label}
      value={value === undefined || Array.isArray(value) ? '' : String(value)}
      error={invalid}
      maxLength={300}
      className={classes['text'] ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

export function OperatorPick(props: {
  readonly label: string
  readonly operators: readonly SegmentOperator[]
  readonly value: SegmentOperator
  readonly onChange: (operator: SegmentOperator) => void
}): ReactNode {
  return (
    <NativeSelect
      aria-label={props.label}
      value={props.value}
      data={props.operators.map((operator) => ({ value: operator, label: operatorWords[operator] }))} // prettier-ignore
      onChange={(event) => props.onChange(event.currentTarget.value as SegmentOperator)}
    />
  )
}
