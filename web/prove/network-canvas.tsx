/** The network on a canvas: dragged, zoomed, pointed at, and walked by the arrow keys. */
import { ActionIcon, Group } from '@mantine/core'
import { IconFocusCentered, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { NetworkPicture } from '../../src/domain/reports/network.ts'
import { useWidth } from '../ui/chart/use-width.ts'
import { plural } from '../ui/number.ts'
import { fitted, paint, placeAt, type View, zoomed } from './network-paint.ts'
import { walk, type Walks } from './network-walk.ts'
import classes from './network.module.css'

interface NetworkCanvasProps {
  readonly drawing: NetworkPicture['drawing']
  readonly walks: Walks
  readonly chosen: number
  readonly choose: (place: number) => void
}

const zoomStep = 1.4

export function NetworkCanvas({ drawing, walks, chosen, choose }: NetworkCanvasProps): ReactNode {
  const [box, width] = useWidth<HTMLDivElement>()
  const height = Math.round(Math.min(560, Math.max(320, width * 0.75)))
  const size = { width, height }
  const canvas = useRef<HTMLCanvasElement>(null)
  const [moved, setMoved] = useState<View | null>(null)
  const [hovered, setHovered] = useState<number | null>(null)
  const drag = useRef<{ x: number; y: number; far: boolean } | null>(null)
  const navigate = useNavigate()
  const view = moved ?? fitted(drawing, size)
  usePainted(canvas, () => {
    if (canvas.current) paint(canvas.current, drawing, view, { chosen, hovered })
  })
  const zoom = (factor: number, at = { x: width / 2, y: height / 2 }): void =>
    setMoved(zoomed(view, factor, at))
  const goTo = (place: number): void => {
    choose(place)
    setMoved((old) => old && inSight(old, drawing, place, size))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = walk(event.key, chosen, walks, drawing.parent)
    if (next !== null) goTo(next)
    else if (event.key === '+' || event.key === '=') zoom(zoomStep)
    else if (event.key === '-') zoom(1 / zoomStep)
    else if (event.key === '0') setMoved(null)
    else if (event.key === 'Enter')
      void navigate({ to: '/people/$partyId', params: { partyId: drawing.ids[chosen] ?? '' } })
    else if (!event.key.startsWith('Arrow')) return
    event.preventDefault()
  }
  const pointOf = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const onPointerMove = (event: PointerEvent): void => {
    const point = pointOf(event)
    const from = drag.current
    if (from === null) return setHovered(placeAt(drawing, view, point))
    if (!from.far && Math.hypot(point.x - from.x, point.y - from.y) < 4) return
    drag.current = { ...point, far: true }
    setMoved({
      ...view,
      left: view.left - (point.x - from.x) / view.scale,
      top: view.top - (point.y - from.y) / view.scale,
    })
  }
  const onPointerUp = (event: PointerEvent): void => {
    const wasDragged = drag.current?.far ?? true
    drag.current = null
    const place = placeAt(drawing, view, pointOf(event))
    if (!wasDragged && place !== null) choose(place)
  }
  const ratio = window.devicePixelRatio || 1
  return (
    <div className={classes['canvasBox']} ref={box}>
      <canvas
        ref={canvas}
        className={classes['canvas']}
        data-hovered={hovered !== null || undefined}
        width={width * ratio}
        height={height * ratio}
        style={{ width, height }}
        role="application"
        aria-roledescription="network"
        aria-label={`Network of ${plural(drawing.ids.length, 'person', 'people')}. Chosen: ${drawing.names[chosen] || 'without a name'}. Arrow keys walk it, plus and minus zoom, Enter opens the page.`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          drag.current = { ...pointOf(event), far: false }
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (drag.current = null)}
        onPointerLeave={() => setHovered(null)}
        onDoubleClick={(event) => {
          const { left, top } = event.currentTarget.getBoundingClientRect()
          zoom(2, { x: event.clientX - left, y: event.clientY - top })
        }}
      />
      <Group gap={4} className={classes['zoom'] ?? ''}>
        <ActionIcon variant="default" size="lg" aria-label="Nearer" onClick={() => zoom(zoomStep)}>
          <IconZoomIn size={18} />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="Farther" onClick={() => zoom(1 / zoomStep)}>
          <IconZoomOut size={18} />
        </ActionIcon>
        <ActionIcon variant="default" size="lg" aria-label="All of it" onClick={() => setMoved(null)}>
          <IconFocusCentered size={18} />
        </ActionIcon>
      </Group>
    </div>
  )
} // prettier-ignore

/** Moves the picture just as far as is needed to show somebody. */
function inSight(
  view: View,
  drawing: NetworkPicture['drawing'],
  place: number,
  size: { width: number; height: number },
): View {
  const x = ((drawing.x[place] ?? 0) - view.left) * view.scale
  const y = ((drawing.y[place] ?? 0) - view.top) * view.scale
  const over = (at: number, room: number): number =>
    at < 40 ? at - 40 : at > room - 40 ? at - room + 40 : 0
  return {
    ...view,
    left: view.left + over(x, size.width) / view.scale,
    top: view.top + over(y, size.height) / view.scale,
  }
}

/** Paints after every change, and when light turns to dark. */
function usePainted(canvas: { current: HTMLCanvasElement | null }, paintNow: () => void): void {
  const last = useRef(paintNow)
  useEffect(() => {
    last.current = paintNow
    const frame = requestAnimationFrame(paintNow)
    return () => cancelAnimationFrame(frame)
  })
  useEffect(() => {
    const observer = new MutationObserver(() => last.current())
    observer.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] })
    return () => observer.disconnect()
  }, [canvas])
}
