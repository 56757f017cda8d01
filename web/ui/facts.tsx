import type { ReactNode } from 'react'
import classes from './facts.module.css'

/** Names and values under each other, or beside each other as large figures. */
export function Facts(props: {
  readonly facts: readonly { name: string; value: ReactNode; note?: ReactNode }[]
  readonly large?: boolean
}): ReactNode {
  return (
    <dl className={props.large === true ? classes['large'] : classes['rows']}>
      {props.facts.map((fact) => (
        <div key={fact.name} className={classes['fact']}>
          <dt>{fact.name}</dt>
          <dd>
            {fact.value}
            {fact.note !== undefined && <span className={classes['note']}>{fact.note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function Tag(props: { children: ReactNode; tone?: 'accent' | 'good' | 'bad' }): ReactNode {
  return (
    <span className={classes['tag']} data-tone={props.tone}>
      {props.children}
    </span>
  )
}
