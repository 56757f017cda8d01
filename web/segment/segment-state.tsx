/** How a segment is: by a shape and a word, never by colour alone. */
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconProgress } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SegmentView } from '../../src/domain/segment-view.ts'
import { formatCount } from '../ui/number.ts'
import { Ago } from '../ui/time.tsx'
import classes from './segment-list.module.css'

const marks = {
  serving: { icon: IconCircleCheckFilled, word: 'Up to date' },
  building: { icon: IconProgress, word: 'Being built' },
  broken: { icon: IconAlertTriangleFilled, word: 'Broken' },
}

export function StateMark({ state }: { state: SegmentView['state'] }): ReactNode {
  const mark = marks[state]
  return (
    <span className={classes['state']} data-state={state}>
      <mark.icon size={16} aria-hidden="true" />
      {mark.word}
    </span>
  )
}

/** When everybody was looked at last, and what that took. Since then it is kept exact. */
export function Freshness({ segment }: { segment: SegmentView }): ReactNode {
  if (segment.evaluatedAt === null) return <span>Not evaluated yet</span>
  return (
    <span>
      Evaluated <Ago at={segment.evaluatedAt} />
      {segment.milliseconds !== null && <> in {formatCount(segment.milliseconds)} ms</>}
    </span>
  )
}

/** What is going on with it, where it is not simply serving. */
export function StateNote({ segment }: { segment: SegmentView }): ReactNode {
  const { state, reason, version, servingVersion } = segment
  if (state === 'broken') {
    return (
      <div className={classes['note']} data-state="broken" role="alert">
        <strong>Broken: nobody enters or leaves it.</strong> {reason}
      </div>
    )
  }
  if (state !== 'building') return null
  return (
    <div className={classes['note']} role="status">
      {servingVersion === null
        ? 'It is being built for the first time. Members appear when everybody has been looked at.'
        : `Version ${version} is being built. Until it serves, the members are those of version ${servingVersion}.`}
    </div>
  )
}
