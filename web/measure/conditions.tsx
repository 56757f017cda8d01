import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ConditionView } from '../../src/domain/view.ts'
import { formatNumber } from '../ui/number.ts'
import { Bar } from '../ui/picture.tsx'
import { Moment } from '../ui/time.tsx'
import classes from './conditions.module.css'
import { EvidenceLink } from './evidence-link.tsx'

/** Conditions as a list to tick off: what holds, what does not, the figure behind, until when. */
export function Conditions({ conditions }: { conditions: readonly ConditionView[] }): ReactNode {
  return (
    <ul className={classes['list']}>
      {conditions.map((condition, index) => (
        <li key={`${index} ${condition.says}`} className={classes['condition']}>
          {condition.holds ? (
            <IconCircleCheckFilled
              className={classes['holds']}
              size={20}
              role="img"
              aria-label="Holds:"
            />
          ) : (
            <IconCircleDashed
              className={classes['open']}
              size={20}
              role="img"
              aria-label="Not yet:"
            />
          )}
          <div className={classes['text']}>
            <div className={classes['line']}>
              <span>{condition.says}</span>
              <Figure condition={condition} />
            </div>
            <Progress condition={condition} />
            {condition.flipsAt !== null && (
              <p className={classes['flips']}>
                {condition.holds ? 'Holds until' : 'Holds by time alone from'}{' '}
                <Moment at={condition.flipsAt} /> if nothing happens
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

function Figure({ condition }: { condition: ConditionView }): ReactNode {
  const { value, needs, of } = condition
  if (value === null) return null
  const text = figureText(value, needs, condition.holds)
  return (
    <span className={classes['figure']}>
      {of === null ? (
        text
      ) : (
        <EvidenceLink of={of} label={condition.says}>
          {text}
        </EvidenceLink>
      )}
    </span>
  )
}

/** `at_least` and `at_most` are told apart by which side of the bound the value is on. */
function figureText(value: number, needs: number | null, holds: boolean): string {
  const is = formatNumber(value)
  if (needs === null) return is
  const bound = formatNumber(needs)
  if (holds) return value >= needs ? `${is}, needs ${bound}` : `${is}, at most ${bound}`
  return value < needs ? `${is} of ${bound}` : `${is}, at most ${bound}`
}

function Progress({ condition }: { condition: ConditionView }): ReactNode {
  const { holds, value, needs } = condition
  // A bar is drawn towards a minimum only; above a maximum there is nothing to fill.
  if (holds || value === null || needs === null || value >= needs) return null
  return (
    <div className={classes['bar']}>
      <Bar value={value} of={needs} />
    </div>
  )
}
