import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './tab-links.module.css'

interface TabLinksProps {
  readonly label: string
  /** The first one is shown when the address names none. */
  readonly tabs: readonly { id: string; name: string; count?: number | undefined }[]
  readonly current: string
}

/** Parts of a page as links: each has its own address (`?tab=`), so it can be sent. */
export function TabLinks({ label, tabs, current }: TabLinksProps): ReactNode {
  return (
    <nav aria-label={label} className={classes['tabs']}>
      {tabs.map((tab, index) => (
        <Link
          key={tab.id}
          to="."
          search={(old) => ({ ...old, tab: index === 0 ? undefined : tab.id })}
          resetScroll={false}
          className={classes['tab']}
          aria-current={tab.id === current ? 'page' : undefined}
          data-current={tab.id === current || undefined}
          activeProps={{}}
        >
          {tab.name}
          {tab.count !== undefined && tab.count > 0 && (
            <span className={classes['count']}>{tab.count}</span>
          )}
        </Link>
      ))}
    </nav>
  )
}
