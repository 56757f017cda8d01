/**
 * Paths as columns: what people went through before an outcome, or before none. Path p has the steps
 * `steps[offsets[p]] .. steps[offsets[p + 1] - 1]`, oldest first, each the index of a channel. A row
 * may stand for many equal paths: so many of them ended in an outcome, so many in nothing.
 */
import { RapportError } from '../../domain/error.ts'

export interface PathColumns {
  readonly channels: readonly string[]
  readonly steps: Int32Array
  /** One longer than there are paths, from 0, never falling. */
  readonly offsets: Int32Array
  readonly conversions: Float64Array
  /** Sum over the conversions of the row, in any one unit. */
  readonly value: Float64Array
  readonly nulls: Float64Array
  /** Age of each step when its path ended, in days. Without them, time decay counts steps. */
  readonly ages?: Float64Array
}

export interface PathRow {
  readonly steps: readonly string[]
  readonly conversions: number
  readonly value?: number
  readonly nulls?: number
}

export interface PathBuilder {
  /** @throws RapportError invalid_analysis for what cannot be counted; nothing is added then. */
  add(row: PathRow): void
  /** The columns so far. Channels stand in the order in which they first came. */
  build(): PathColumns
}

/** Gathers rows one by one, as a file is read; takes about 4 bytes a step and 28 a path. */
export function createPathBuilder(): PathBuilder {
  const known = new Map<string, number>()
  let steps = new Int32Array(1024)
  let rows = new Float64Array(3 * 256)
  let offsets = new Int32Array(257)
  let [stepCount, pathCount] = [0, 0]
  return {
    add({ steps: names, conversions, value = 0, nulls = 0 }) {
      const fault = faultOf(conversions, value, nulls)
      if (fault !== null) throw new RapportError('invalid_analysis', fault)
      while (stepCount + names.length > steps.length)
        steps = grown(steps, new Int32Array(steps.length * 2))
      if (pathCount + 2 > offsets.length) {
        offsets = grown(offsets, new Int32Array(offsets.length * 2))
        rows = grown(rows, new Float64Array(rows.length * 2 + 3))
      }
      for (const name of names) {
        let channel = known.get(name)
        if (channel === undefined) known.set(name, (channel = known.size))
        steps[stepCount++] = channel
      }
      rows.set([conversions, value, nulls], 3 * pathCount)
      offsets[++pathCount] = stepCount
    },
    build() {
      const column = (which: number): Float64Array =>
        Float64Array.from({ length: pathCount }, (_, p) => rows[3 * p + which] ?? 0)
      return {
        channels: [...known.keys()],
        steps: steps.slice(0, stepCount),
        offsets: offsets.slice(0, pathCount + 1),
        conversions: column(0),
        value: column(1),
        nulls: column(2),
      }
    },
  }
}

/** @throws RapportError invalid_analysis where the columns do not fit each other. */
export function checkPaths(paths: PathColumns): void {
  const { channels, steps, offsets, conversions, value, nulls, ages } = paths
  const size = conversions.length
  const refuse = (detail: string): never => {
    throw new RapportError('invalid_analysis', detail)
  }
  if (value.length !== size || nulls.length !== size || offsets.length !== size + 1)
    refuse('The columns of the paths differ in length.')
  if (ages && ages.length !== steps.length) refuse('There must be an age for each step.')
  for (let p = 0; p < size; p++) {
    if ((offsets[p + 1] ?? 0) < (offsets[p] ?? 0)) refuse('The offsets of the paths fall.')
    const fault = faultOf(conversions[p] ?? 0, value[p] ?? 0, nulls[p] ?? 0)
    if (fault !== null) refuse(`Path ${p + 1}: ${fault}`)
  }
  if ((offsets[0] ?? 0) !== 0 || (offsets[size] ?? 0) !== steps.length)
    refuse('The offsets of the paths do not cover the steps.')
  for (let i = 0; i < steps.length; i++) {
    const channel = steps[i] ?? -1
    if (channel < 0 || channel >= channels.length) refuse(`Step ${i + 1} names no channel.`)
  }
  for (let i = 0; ages && i < ages.length; i++) {
    const age = ages[i] ?? Number.NaN
    if (!(age >= 0 && age < Infinity)) refuse(`The age of step ${i + 1} is not a number from 0.`)
  }
}

function faultOf(conversions: number, value: number, nulls: number): string | null {
  const isCount = (count: number): boolean => count >= 0 && count <= Number.MAX_SAFE_INTEGER
  if (!isCount(conversions)) return 'Conversions must be a number from 0.'
  if (!isCount(nulls)) return 'Nulls must be a number from 0.'
  if (!isCount(value)) return 'The value must be a number from 0.'
  if (value > 0 && conversions === 0) return 'There is a value without a conversion.'
  return null
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
