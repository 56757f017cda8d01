import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { pages } from './navigation.ts'

const storageKey = 'rapport-single-keys'

/** Single keys can be switched off (WCAG 2.1.4): speech input types letters by accident. */
export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // Without storage the choice holds for nothing, and single keys stay on.
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** The `/` key: to the search of the page, or to the palette where the page has none. */
function focusPageSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]')
  field?.focus()
  field?.select()
  return field !== null
}

/** How long after `g` the second key may come. */
const chordMs = 1_200

export function useShortcuts(open: { openPalette: () => void; openHelp: () => void }): void {
  const navigate = useNavigate()
  useEffect(() => {
    let chordUntil = 0
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open.openPalette()
        return
      }
      const modified = event.metaKey || event.ctrlKey || event.altKey
      const inDialog = document.querySelector('[role="dialog"]') !== null
      if (modified || isTyping(event.target) || inDialog || !singleKeysOn()) return
      const inChord = event.timeStamp < chordUntil
      chordUntil = event.key === 'g' ? event.timeStamp + chordMs : 0
      const page = inChord ? pages.find(({ key }) => key === event.key) : undefined
      if (page) void navigate({ to: page.to })
      else if (event.key === '?') open.openHelp()
      else if (event.key === '/') {
        if (!focusPageSearch()) open.openPalette()
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
}
