/**
 * How far a long command is: a bar that rewrites itself on a terminal, a plain line every few
 * seconds where the output goes to a file, JSON lines with `--json`. Written to standard error.
 */
export interface ProgressOptions {
  /** What is being done, for example `Importing`. */
  readonly label: string
  /** All there is to do, or null where nobody knows. */
  readonly total: number | null
  /** What is counted, for example `rows`. */
  readonly unit: string
  readonly json: boolean
  readonly stream?: ProgressStream
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number
}

export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface Progress {
  update(done: number): void
  /** The last word; afterwards nothing more is written. */
  finish(done: number): void
}

const barWidth = 24
const redrawMs = 100
const lineMs = 3_000

export function createProgress(options: ProgressOptions): Progress {
  const { stream = process.stderr, now = () => performance.now(), json } = options
  const bar = !json && stream.isTTY === true
  const startedAt = now()
  let shownAt = startedAt
  let finished = false

  const show = (done: number, last: boolean): void => {
    shownAt = now()
    const seconds = (shownAt - startedAt) / 1000
    if (json) stream.write(`${JSON.stringify(progressData(options, done, seconds))}\n`)
    else if (!bar) stream.write(`${progressLine(options, done, seconds)}\n`)
    else {
      const text = `${drawBar(options.total, done)} ${progressLine(options, done, seconds)}`
      // Cut to the width of the window: a line that wraps cannot be rewritten.
      stream.write(`\r\u001b[2K${text.slice(0, (stream.columns ?? 80) - 1)}${last ? '\n' : ''}`)
    }
  }
  return {
    update(done) {
      if (!finished && now() - shownAt >= (bar ? redrawMs : lineMs)) show(done, false)
    },
    finish(done) {
      if (finished) return
      finished = true
      show(done, true)
    },
  }
}

function progressData({ label, total, unit }: ProgressOptions, done: number, seconds: number) {
  const rate = seconds > 0 ? Math.round(done / seconds) : null
  return {
    progress: label,
    done,
    total,
    unit,
    perSecond: rate,
    seconds: Math.round(seconds * 10) / 10,
  }
}

function progressLine(
  { label, total, unit }: ProgressOptions,
  done: number,
  seconds: number,
): string {
  const rate = seconds > 0 ? done / seconds : 0
  const parts = [
    total === null ? `${count(done)} ${unit}` : `${count(done)} of ${count(total)} ${unit}`,
    ...(rate > 0 ? [`${count(Math.round(rate))}/s`] : []),
    ...(total !== null && rate > 0 && done < total
      ? [`${duration((total - done) / rate)} to go`]
      : []),
    ...(total !== null && done >= total ? [`in ${duration(seconds)}`] : []),
  ]
  return `${label}: ${parts.join(', ')}`
}

function drawBar(total: number | null, done: number): string {
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total)
  const full = Math.round(share * barWidth)
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`
}

const count = (value: number): string => value.toLocaleString('en-US')

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}
