/** Where things stand in a line chart: pixels of values and steps, and the paths through them. */
import { ticksAround } from './scale.ts'

export interface LineSeries {
  readonly id: string
  readonly name: string
  /** One a step; null where nothing is known. */
  readonly values: readonly (number | null)[]
  readonly low?: readonly (number | null)[]
  readonly high?: readonly (number | null)[]
  /** Drawn in grey, behind the others. */
  readonly isCompared?: boolean
}

export interface LineChartProps {
  /** What is to be seen, in a sentence. */
  readonly label: string
  /** Steps from left to right: days such as `2026-11-03`, or anything that `formatAt` can say. */
  readonly at: readonly string[]
  readonly series: readonly LineSeries[]
  readonly format?: (value: number) => string
  readonly formatAt?: (at: string, isExact: boolean) => string
  readonly height?: number
  /** Values that the axis must hold; from 0 where nothing is said. */
  readonly from?: number
  readonly to?: number
  /** Each value holds until the next, as in a survival curve. */
  readonly isStepped?: boolean
}

export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly ticks: readonly number[]
  readonly isStepped: boolean
  readonly x: (step: number) => number
  readonly y: (value: number) => number
  /** The step nearest to a place. */
  readonly stepAt: (x: number) => number
}

interface PlotOptions extends LineChartProps {
  readonly width: number
  readonly height: number
  readonly format: (value: number) => string
}

/** About the width of a small figure, in pixels. */
const figureWidth = 7

export function plotOf({ width, height, ...props }: PlotOptions): Plot {
  const { at, series, format, from = 0, to = from, isStepped = false } = props
  const known = series.flatMap(({ values, low = [], high = [] }) =>
    [...values, ...low, ...high].filter((value) => value !== null && Number.isFinite(value)),
  ) as number[]
  const ticks = ticksAround(
    known.reduce((least, value) => Math.min(least, value), from),
    known.reduce((most, value) => Math.max(most, value), to),
  )
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)]
  const left = Math.max(...ticks.map((tick) => format(tick).length)) * figureWidth + 10
  const [right, top, bottom] = [width - 8, 8, height - 24]
  const last = Math.max(1, at.length - 1)
  return {
    ...{ left, right, top, bottom, ticks, isStepped },
    x: (step) => left + (step / last) * (right - left),
    y: (value) => bottom - ((value - low) / (high - low)) * (bottom - top),
    stepAt: (x) =>
      Math.max(0, Math.min(at.length - 1, Math.round(((x - left) / (right - left)) * last))),
  }
}

const place = (value: number): string => value.toFixed(1)

/** Broken where a value is not known; a value alone is a short stroke. */
export function linePath(plot: Plot, values: readonly (number | null)[]): string {
  let path = ''
  let before: number | null = null
  for (const [step, value] of values.entries()) {
    if (value === null || !Number.isFinite(value)) {
      before = null
      continue
    }
    const [x, y] = [place(plot.x(step)), place(plot.y(value))]
    if (before === null) path += `M${x} ${y}h.1`
    else path += plot.isStepped ? `H${x}V${y}` : `L${x} ${y}`
    before = value
  }
  return path
}

export function bandPath(
  plot: Plot,
  low: readonly (number | null)[],
  high: readonly (number | null)[],
): string {
  const runs: number[][] = []
  for (const step of low.keys()) {
    const isKnown = Number.isFinite(low[step] ?? Number.NaN) && Number.isFinite(high[step] ?? Number.NaN) // prettier-ignore
    if (!isKnown) continue
    const run = runs.at(-1)
    if (run?.at(-1) === step - 1) run.push(step)
    else runs.push([step])
  }
  return runs
    .map((run) => {
      const upper = corners(plot, run, high)
      const lower = corners(plot, run, low).toReversed()
      return `M${[...upper, ...lower].join('L')}Z`
    })
    .join('')
}

function corners(
  plot: Plot,
  steps: readonly number[],
  values: readonly (number | null)[],
): string[] {
  return steps.flatMap((step, index) => {
    const [x, y] = [place(plot.x(step)), place(plot.y(values[step] ?? 0))]
    const before = steps[index - 1]
    if (!plot.isStepped || before === undefined) return [`${x} ${y}`]
    return [`${x} ${place(plot.y(values[before] ?? 0))}`, `${x} ${y}`]
  })
}

/** Where a key leads to; null where it is none of ours. */
export function movedBy(key: string, from: number, last: number): number | null {
  const page = Math.max(1, Math.round(last / 10))
  const to: Readonly<Record<string, number>> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: last,
  }
  const next = to[key]
  return next === undefined ? null : Math.max(0, Math.min(last, next))
}
