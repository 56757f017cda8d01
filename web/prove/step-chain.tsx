import { Fragment, type ReactNode } from 'react'
import classes from './step-chain.module.css'

/** Steps one after the other; an ellipsis where more had gone before. */
export function StepChain(props: {
  readonly steps: readonly string[]
  readonly isCut?: boolean
}): ReactNode {
  return (
    <span className={classes['chain']}>
      {props.isCut === true && <span className={classes['arrow']}>… → </span>}
      {props.steps.map((step, index) => (
        <Fragment key={index}>
          {index > 0 && <span className={classes['arrow']}> → </span>}
          <span className={classes['step']}>{step}</span>
        </Fragment>
      ))}
    </span>
  )
}
