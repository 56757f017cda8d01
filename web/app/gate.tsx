import type { ReactNode } from 'react'
import { useEffect } from 'react'
import classes from './gate.module.css'
import { Mark } from './shell-frame.tsx'

/** The frame of the pages before the door: sign-in and welcome. */
export function Gate(props: { title: string; about: ReactNode; children?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Rapport`
  }, [props.title])
  return (
    <main className={classes['gate']}>
      <div className={classes['card']}>
        <div className={classes['brand']}>
          <Mark />
          Rapport
        </div>
        <div>
          <h1>{props.title}</h1>
          <div className={classes['about']}>{props.about}</div>
        </div>
        {props.children}
      </div>
    </main>
  )
}
