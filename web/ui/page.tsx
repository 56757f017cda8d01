import { type ReactNode, useEffect } from 'react'
import classes from './page.module.css'

interface PageProps {
  readonly title: string
  /** What stands in the heading, where that is more than the title. */
  readonly heading?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly above?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, heading, about, actions, above, children }: PageProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · Rapport`
  }, [title])
  return (
    <div className={classes['page']}>
      {above}
      <header className={classes['header']}>
        <div className={classes['titles']}>
          <h1>{heading ?? title}</h1>
          {about !== undefined && <div className={classes['about']}>{about}</div>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface PanelProps {
  readonly title: string
  readonly about?: ReactNode
  readonly actions?: ReactNode
  /** Without padding, for tables that go from edge to edge. */
  readonly flush?: boolean
  readonly id?: string
  readonly children: ReactNode
}

export function Panel({ title, about, actions, flush, id, children }: PanelProps): ReactNode {
  return (
    <section className={classes['panel']} aria-label={title} id={id}>
      <header className={classes['panelHeader']}>
        <div>
          <h2>{title}</h2>
          {about !== undefined && <div className={classes['about']}>{about}</div>}
        </div>
        {actions}
      </header>
      <div className={flush === true ? classes['flush'] : classes['content']}>{children}</div>
    </section>
  )
}

/** Panels beside each other where there is room. `wide` is the share of the first: 1 half, 2 two thirds. */
export function Columns({ wide = 1, children }: { wide?: 1 | 2; children: ReactNode }): ReactNode {
  return <div className={wide === 2 ? classes['wideFirst'] : classes['halves']}>{children}</div>
}

export function Stack({ children }: { children: ReactNode }): ReactNode {
  return <div className={classes['stack']}>{children}</div>
}
