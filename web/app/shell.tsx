import { ActionIcon, Drawer, Kbd, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { IconDots, IconKeyboard, IconLogout, IconSearch } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { queries } from '../api.ts'
import { ColorSchemeSwitch } from './color-scheme-switch.tsx'
import { useIsPrinted } from '../prove/report-search.ts'
import { useLiveUpdates } from './live.ts'
import { type PagePath, pages } from './navigation.ts'
import { Mark } from './shell-frame.tsx'
import classes from './shell.module.css'
import { useShortcuts } from './shortcuts.ts'
import { useSignOut } from './use-sign-out.ts'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Help = lazy(async () => ({ default: (await import('./shortcut-help.tsx')).ShortcutHelp }))

export function Shell(): ReactNode {
  return useIsPrinted() ? <PrintedShell /> : <AppShell />
}

/** Just the page, on paper. */
const PrintedShell = (): ReactNode => (
  <main id="main">
    <Outlet />
  </main>
)

function AppShell(): ReactNode {
  const main = useRef<HTMLElement>(null)
  const [asked, setAsked] = useState({ palette: 0, help: 0 })
  const openPalette = (): void => setAsked((old) => ({ ...old, palette: old.palette + 1 }))
  const openHelp = (): void => setAsked((old) => ({ ...old, help: old.help + 1 }))
  useLiveUpdates()
  useShortcuts({ openPalette, openHelp })
  useFocusOnNavigation(main)
  return (
    <div className={classes['shell']}>
      <a href="#main" className={classes['skip']}>
        Skip to the content
      </a>
      <Sidebar openPalette={openPalette} openHelp={openHelp} />
      <nav aria-label="Top" className={classes['topbar']}>
        <Link to="/" className={classes['brand']}>
          <Mark />
          Rapport
        </Link>
        <ActionIcon variant="subtle" size="lg" onClick={openPalette} aria-label="Search">
          <IconSearch size={20} />
        </ActionIcon>
      </nav>
      <main id="main" ref={main} tabIndex={-1} className={classes['main']}>
        <Outlet />
      </main>
      <BottomBar />
      <Suspense>
        {asked.palette > 0 && <Palette asked={asked.palette} />}
        {asked.help > 0 && <Help asked={asked.help} />}
      </Suspense>
    </div>
  )
}

/** After going to another page, reading and tabbing begin at its content. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    last.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname, main])
}

function PageLink(props: { to: PagePath; className: string | undefined }): ReactNode {
  const page = pages.find(({ to }) => to === props.to)
  if (!page) return null
  return (
    <Link
      to={page.to}
      className={props.className}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      activeProps={{ 'data-current': true }}
    >
      <page.icon size={20} stroke={1.6} aria-hidden="true" />
      {page.name}
    </Link>
  )
}

interface SidebarProps {
  readonly openPalette: () => void
  readonly openHelp: () => void
}

function Sidebar({ openPalette, openHelp }: SidebarProps): ReactNode {
  return (
    <header className={classes['sidebar']}>
      <Link to="/" className={classes['brand']}>
        <Mark />
        Rapport
      </Link>
      <button type="button" className={classes['searchButton']} onClick={openPalette}>
        <IconSearch size={16} aria-hidden="true" />
        <span>Search</span>
        <Kbd size="xs">{navigator.platform.startsWith('Mac') ? '⌘ K' : 'Ctrl K'}</Kbd>
      </button>
      <nav aria-label="Main" className={classes['nav']}>
        {pages.slice(0, 4).map((page) => (
          <PageLink key={page.to} to={page.to} className={classes['navLink']} />
        ))}
        <span className={classes['gap']} />
        {pages.slice(4).map((page) => (
          <PageLink key={page.to} to={page.to} className={classes['navLink']} />
        ))}
      </nav>
      <div className={classes['foot']}>
        <User />
        <div className={classes['footActions']}>
          <ColorSchemeSwitch />
          <Tooltip label="Keyboard shortcuts (?)">
            <ActionIcon variant="subtle" onClick={openHelp} aria-label="Keyboard shortcuts">
              <IconKeyboard size={18} />
            </ActionIcon>
          </Tooltip>
          <SignOut />
        </div>
      </div>
    </header>
  )
}

function User(): ReactNode {
  const user = useQuery(queries.session()).data?.user
  return (
    <div className={classes['user']}>
      <div className={classes['userName']}>{user?.name}</div>
      <div className={classes['userMail']}>{user?.email}</div>
    </div>
  )
}

function SignOut(): ReactNode {
  const signOut = useSignOut()
  return (
    <Tooltip label="Sign out">
      <ActionIcon variant="subtle" onClick={signOut} aria-label="Sign out">
        <IconLogout size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

/** On a phone: the four pages of every day under the thumb, the rest behind 'More'. */
function BottomBar(): ReactNode {
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  useEffect(() => setOpen(false), [pathname])
  return (
    <>
      <nav aria-label="Main" className={classes['bottom']}>
        {pages.slice(0, 4).map((page) => (
          <PageLink key={page.to} to={page.to} className={classes['bottomLink']} />
        ))}
        <button type="button" className={classes['bottomLink']} onClick={() => setOpen(true)}>
          <IconDots size={20} stroke={1.6} aria-hidden="true" />
          More
        </button>
      </nav>
      <Drawer
        opened={open}
        onClose={() => setOpen(false)}
        position="bottom"
        size="auto"
        title="More"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className={classes['nav']}>
          {pages.slice(4).map((page) => (
            <PageLink key={page.to} to={page.to} className={classes['navLink']} />
          ))}
        </div>
        <div className={classes['foot']}>
          <User />
          <div className={classes['footActions']}>
            <ColorSchemeSwitch />
            <SignOut />
          </div>
        </div>
      </Drawer>
    </>
  )
}
