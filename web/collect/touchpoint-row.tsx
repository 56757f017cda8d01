import {
  IconBook,
  IconCoin,
  IconEye,
  IconHeartHandshake,
  IconPoint,
  IconSpeakerphone,
  IconTargetArrow,
} from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { TouchpointView } from '../../src/domain/view.ts'
import { touchpointName, touchpointNote, words } from '../domain/words.ts'
import { Tag } from '../ui/facts.tsx'
import { formatMoney } from '../ui/number.ts'
import { groupOf } from './kinds.ts'
import { TouchpointDetails } from './touchpoint-details.tsx'
import classes from './touchpoint-row.module.css'
import { touchpointSummary } from './touchpoint-summary.ts'

const signs: Record<string, typeof IconEye> = {
  Attention: IconEye,
  Education: IconBook,
  Match: IconTargetArrow,
  Partnership: IconCoin,
  Trust: IconHeartHandshake,
  Advocacy: IconSpeakerphone,
}

interface TouchpointRowProps {
  readonly touchpoint: TouchpointView
  readonly when: ReactNode
  /** Who it was, where the list is not of one person. */
  readonly who?: ReactNode
}

/** One touchpoint on a line; pressing it shows all that it carried. */
export function TouchpointRow({ touchpoint, when, who }: TouchpointRowProps): ReactNode {
  const [open, setOpen] = useState(false)
  const Sign = signs[groupOf(touchpoint.kind)] ?? IconPoint
  const notes = new Set([touchpointNote(touchpoint), touchpointSummary(touchpoint)])
  const note = [...notes].filter((text) => text !== '').join(' · ')
  return (
    <li className={classes['item']}>
      <div className={classes['row']}>
        <Sign size={20} className={classes['sign']} aria-hidden="true" />
        <button
          type="button"
          className={classes['open']}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <span className={classes['name']}>{touchpointName(touchpoint)}</span>
          {note !== '' && <span className={classes['note']}>{note}</span>}
        </button>
        {who !== undefined && <span className={classes['who']}>{who}</span>}
        <span className={classes['tags']}>
          {touchpoint.amountMinor !== null && (
            <Tag>{formatMoney(touchpoint.amountMinor, touchpoint.currency ?? '')}</Tag>
          )}
          {touchpoint.bot && <Tag>Robot, not counted</Tag>}
          <span className={classes['channel']}>{words(touchpoint.channel)}</span>
        </span>
        <span className={classes['when']}>{when}</span>
      </div>
      {open && <TouchpointDetails touchpoint={touchpoint} />}
    </li>
  )
}
