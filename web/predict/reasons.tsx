import { IconArrowDownRight, IconArrowUpRight, IconPoint } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { PredictionReason } from '../../src/domain/prediction-view.ts'
import classes from './predictions.module.css'

const words = { up: 'Speaks for it: ', down: 'Speaks against it: ', even: '' } as const
const icons = { up: IconArrowUpRight, down: IconArrowDownRight, even: IconPoint } as const

/** What moved a prediction most, with its direction as a shape and a word. */
export function Reasons(props: {
  readonly reasons: readonly PredictionReason[]
  readonly most?: number
}): ReactNode {
  const shown = props.reasons.slice(0, props.most ?? props.reasons.length)
  if (shown.length === 0) return <span />
  return (
    <ul className={classes['reasons']} aria-label="Reasons">
      {shown.map(({ says, direction }) => {
        const way = direction > 0 ? 'up' : direction < 0 ? 'down' : 'even'
        const Icon = icons[way]
        return (
          <li key={says} data-way={way}>
            <Icon size={16} aria-hidden="true" />
            <span>
              <span className="visually-hidden">{words[way]}</span>
              {says}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
