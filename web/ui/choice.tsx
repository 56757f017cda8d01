import { type ReactNode, useId } from 'react'
import classes from './choice.module.css'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly options: readonly { value: T; label: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** One of a few, all in sight: the browser's radio buttons in the dress of a switch. */
export function Choice<T extends string>(props: ChoiceProps<T>): ReactNode {
  const name = useId()
  return (
    <fieldset className={classes['choice']}>
      <legend className={classes['legend']}>{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} className={classes['option']}>
          <input
            type="radio"
            name={name}
            className={classes['input']}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
