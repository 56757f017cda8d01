import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { sayProblem } from '../api.ts'
import { Page } from '../ui/page.tsx'
import { Lines } from '../ui/states.tsx'
import classes from './shell.module.css'

/** The outline of the app, painted before anything is known. */
export function ShellFrame(): ReactNode {
  return (
    <div className={classes['shell']} aria-busy="true">
      <header className={classes['sidebar']}>
        <div className={classes['brand']}>
          <Mark />
          Rapport
        </div>
        <Lines count={6} height={16} />
      </header>
      <main className={classes['main']}>
        <Page title="Rapport" heading="&nbsp;">
          <Lines count={9} height={28} />
        </Page>
      </main>
    </div>
  )
}

export function Mark(): ReactNode {
  return (
    <svg className={classes['mark']} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 3v18M17 3v18" />
      <path d="M7 18h10M7 12h10M7 6h10" opacity=".6" />
    </svg>
  )
}

/** A fault in the page itself: say it, and offer a way on. */
export function Broken({ error }: { error: unknown }): ReactNode {
  return (
    <Page title="Something broke" heading="This page broke" about={sayProblem(error)}>
      <div>
        <Button onClick={() => location.reload()} mr={8}>
          Load it again
        </Button>
        <Button component="a" href="/" variant="default">
          Go home
        </Button>
      </div>
    </Page>
  )
}
