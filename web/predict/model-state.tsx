import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { PredictionModelView } from '../../src/domain/prediction-view.ts'
import { formatNumber } from '../ui/number.ts'
import { stateWords } from './prediction-words.ts'
import classes from './predictions.module.css'

const icons = {
  none: IconCircleDashed,
  fitting: IconLoader,
  serving: IconCircleCheck,
  refused: IconCircleX,
  failed: IconAlertTriangle,
} as const

/** With its shape and a word beside the colour; of a fit under way how far it is. */
export function ModelState({ model }: { model: Pick<PredictionModelView, 'state' | 'fitting'> }): ReactNode {
  const { state, fitting } = model
  const Icon = icons[state]
  return (
    <span className={classes['state']} data-state={state}>
      <Icon size={16} aria-hidden="true" />
      {state === 'fitting' && fitting === null ? 'Waiting' : stateWords[state]}
      {fitting !== null && (
        <span className={classes['progress']} title={fitting.doing}>
          {formatNumber(fitting.progress * 100, 0)} % of a new fit
        </span>
      )}
    </span>
  )
} // prettier-ignore
