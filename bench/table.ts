/** Figures as people read them: one line a figure, with what it is held against. */

export interface Figure {
  readonly what: string
  readonly figure: string
  /** What it should be, where something was promised. */
  readonly target?: string
}

export function printTable(title: string, figures: readonly Figure[]): void {
  const width = (read: (figure: Figure) => string, least: number): number =>
    Math.max(least, ...figures.map((figure) => read(figure).length))
  const first = width(({ what }) => what, 4)
  const second = width(({ figure }) => figure, 6)
  const line = (what: string, figure: string, target: string): string =>
    `  ${what.padEnd(first)}  ${figure.padStart(second)}  ${target}`.trimEnd()
  console.log(`\n${title}`)
  for (const { what, figure, target } of figures) console.log(line(what, figure, target ?? ''))
}

/** `12,345` for large numbers, three digits for small ones. */
export function number(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

export const milliseconds = (value: number): string => `${number(value)} ms`

/** Of values in any order; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

export const p50And99 = (values: readonly number[]): string =>
  `${number(quantile(values, 0.5))} / ${milliseconds(quantile(values, 0.99))}`
