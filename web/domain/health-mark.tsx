import type { ReactNode } from 'react'
import type { HealthColour } from '../../src/domain/view.ts'
import classes from './health-mark.module.css'

/** Health is said three times, so that no eye depends on colour: by word, by shape, by colour. */
export const healthWords: Record<HealthColour, string> = {
  green: 'Healthy',
  yellow: 'Needs care',
  red: 'At risk',
}

/** Circle, triangle and diamond around (0, 0), reaching `size` from the middle. */
export function healthShape(colour: HealthColour, size: number): ReactNode {
  if (colour === 'green') return <circle r={size * 0.86} />
  if (colour === 'yellow') {
    return <path d={`M0 ${-size}L${size} ${size * 0.8}H${-size}Z`} strokeLinejoin="round" />
  }
  return <path d={`M0 ${-size}L${size} 0L0 ${size}L${-size} 0Z`} strokeLinejoin="round" />
}

export function HealthShape({ colour }: { colour: HealthColour }): ReactNode {
  return (
    <svg viewBox="-7 -7 14 14" className={classes['shape']} data-colour={colour} aria-hidden="true">
      {healthShape(colour, 5.6)}
    </svg>
  )
}

export function HealthMark(props: { colour: HealthColour; badge?: boolean }): ReactNode {
  return (
    <span
      className={props.badge === true ? classes['badge'] : classes['mark']}
      data-colour={props.colour}
    >
      <HealthShape colour={props.colour} />
      {healthWords[props.colour]}
    </span>
  )
}
