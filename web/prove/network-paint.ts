/** Paints the part of the network that is in sight; of what is small, only what can be seen. */
import type { NetworkPicture } from '../../src/domain/reports/network.ts'

type Drawing = NetworkPicture['drawing']

/** Where the picture stands: pixels are `(place - left) * scale`. */
export interface View {
  readonly left: number
  readonly top: number
  readonly scale: number
}

export interface Marked {
  readonly chosen: number
  readonly hovered: number | null
}

export interface Size {
  readonly width: number
  readonly height: number
}

const colours = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-6'] as const

export function fitted({ width, height }: Drawing, size: Size): View {
  const scale = Math.min(size.width / (width + 16), size.height / (height + 16), 3)
  return {
    left: width / 2 - size.width / scale / 2,
    top: height / 2 - size.height / scale / 2,
    scale,
  }
}

/** Nearer or farther, with what is at (x, y) staying there. */
export function zoomed(view: View, factor: number, { x, y }: { x: number; y: number }): View {
  const scale = Math.min(12, Math.max(0.05, view.scale * factor))
  const shift = 1 / view.scale - 1 / scale
  return { left: view.left + x * shift, top: view.top + y * shift, scale }
}

/** The one under a point of the picture, in pixels; small circles are met a little beside them too. */
export function placeAt(drawing: Drawing, view: View, point: { x: number; y: number }): number | null {
  const [x, y] = [view.left + point.x / view.scale, view.top + point.y / view.scale]
  let [nearest, best] = [-1, Infinity]
  for (let i = 0; i < drawing.x.length; i++) {
    const apart = Math.hypot((drawing.x[i] ?? 0) - x, (drawing.y[i] ?? 0) - y)
    if (apart < Math.max(drawing.radius[i] ?? 0, 6 / view.scale) && apart < best)
      [nearest, best] = [i, apart]
  }
  return nearest < 0 ? null : nearest
} // prettier-ignore

export function paint(canvas: HTMLCanvasElement, drawing: Drawing, view: View, marked: Marked): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const pen = context
  const style = getComputedStyle(canvas)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const ratio = window.devicePixelRatio || 1
  const size = { width: canvas.width / ratio, height: canvas.height / ratio }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, size.width, size.height)
  const x = (i: number): number => ((drawing.x[i] ?? 0) - view.left) * view.scale
  const y = (i: number): number => ((drawing.y[i] ?? 0) - view.top) * view.scale
  const isInSight = (i: number): boolean =>
    x(i) > -30 && x(i) < size.width + 30 && y(i) > -30 && y(i) < size.height + 30
  const line = (from: number, to: number): void => {
    pen.moveTo(x(from), y(from))
    pen.lineTo(x(to), y(to))
  }
  pen.lineWidth = 1
  pen.strokeStyle = colour('--rail')
  pen.beginPath()
  drawing.parent.forEach((above, i) => {
    if (above >= 0 && (isInSight(i) || isInSight(above))) line(above, i)
  })
  pen.stroke()
  // One path a colour: 5,000 circles are five fills.
  for (const [generation, name] of colours.entries()) {
    pen.fillStyle = colour(name)
    pen.beginPath()
    for (let i = 0; i < drawing.x.length; i++) {
      const own = Math.min(drawing.generation[i] ?? 0, colours.length - 1)
      if (own !== generation || !isInSight(i)) continue
      const radius = Math.max(0.8, (drawing.radius[i] ?? 0) * view.scale)
      pen.moveTo(x(i) + radius, y(i))
      pen.arc(x(i), y(i), radius, 0, 2 * Math.PI)
    }
    pen.fill()
  }
  way(marked.chosen)
  labels()

  /** From the chosen one up to who began it, and round the chosen one. */
  function way(chosen: number): void {
    pen.strokeStyle = colour('--ink')
    pen.lineWidth = 2
    pen.beginPath()
    for (let at = chosen; (drawing.parent[at] ?? -1) >= 0; at = drawing.parent[at] ?? -1)
      line(at, drawing.parent[at] ?? at)
    const radius = (drawing.radius[chosen] ?? 0) * view.scale + 4
    pen.moveTo(x(chosen) + radius, y(chosen))
    pen.arc(x(chosen), y(chosen), radius, 0, 2 * Math.PI)
    pen.stroke()
  }

  /** Names of the chosen, the one pointed at, and of those who are large enough to carry one. */
  function labels(): void {
    const taken: [number, number, number][] = []
    const large = [...drawing.x.keys()].filter(
      (i) => (drawing.radius[i] ?? 0) * view.scale > 11 && isInSight(i),
    )
    large.sort((a, b) => (drawing.reach[b] ?? 0) - (drawing.reach[a] ?? 0))
    const first = marked.hovered === null ? [marked.chosen] : [marked.hovered, marked.chosen]
    pen.font = `500 12px ${colour('--font') || 'sans-serif'}`
    pen.textAlign = 'center'
    for (const i of [...first, ...large.slice(0, 40)]) {
      const text = drawing.names[i] ?? ''
      if (text === '') continue
      const at = y(i) - Math.max(2, (drawing.radius[i] ?? 0) * view.scale) - 8
      const half = pen.measureText(text).width / 2
      const middle = Math.min(size.width - half - 4, Math.max(half + 4, x(i)))
      const isFree = taken.every(
        ([one, other, width]) => Math.abs(other - at) > 16 || Math.abs(one - middle) > width + half,
      )
      if (!isFree) continue
      taken.push([middle, at, half])
      pen.lineWidth = 4
      pen.strokeStyle = colour('--surface')
      pen.strokeText(text, middle, Math.max(12, at))
      pen.fillStyle = colour('--ink')
      pen.fillText(text, middle, Math.max(12, at))
    }
  }
} // prettier-ignore
