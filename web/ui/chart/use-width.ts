import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** The width that an element has got, in pixels, so that text in a picture keeps its size. */
export function useWidth<T extends HTMLElement>(usual = 720): [RefObject<T | null>, number] {
  const element = useRef<T>(null)
  const [width, setWidth] = useState(usual)
  useLayoutEffect(() => {
    const watched = element.current
    if (watched === null) return
    const read = (): void => {
      if (watched.clientWidth > 0) setWidth(watched.clientWidth)
    }
    read()
    const observer = new ResizeObserver(read)
    observer.observe(watched)
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
