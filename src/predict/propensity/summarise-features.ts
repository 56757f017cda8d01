/** Each feature in numbers: how it is spread, for drift, and what it does, for the model's card. */
import { rowAt, type Column } from '../../math/columns.ts'
import { quantileOfSorted } from '../../math/quantile.ts'
import type { Random } from '../../math/random.ts'
import type { FeatureSummary } from './propensity-model.ts'
import { rawEffects, type Scorer } from './raw-effects.ts'

/** Rows whose effects are looked at. */
const lookedAt = 400

export function summariseFeatures(
  features: readonly Column[],
  names: readonly string[],
  scorer: Scorer,
  random: Random,
): FeatureSummary[] {
  const rows = features[0]?.length ?? 0
  const looked = Math.min(rows, lookedAt)
  const values = features.map(() => new Float64Array(looked))
  const effects = features.map(() => new Float64Array(looked))
  for (let i = 0; i < looked; i++) {
    const row = rowAt(features, rows <= lookedAt ? i : random.integer(rows))
    const { effects: found } = rawEffects(scorer, row)
    features.forEach((_, f) => {
      const [value, effect] = [values[f], effects[f]]
      if (value) value[i] = row[f] ?? Number.NaN
      if (effect) effect[i] = found[f] ?? 0
    })
  }
  return names.map((name, f) => {
    const effect = effects[f] ?? new Float64Array()
    const importance = effect.reduce((sum, one) => sum + Math.abs(one), 0) / Math.max(1, looked)
    const direction = correlation(values[f] ?? new Float64Array(), effect)
    return { name, ...spreadOf(features[f] ?? new Float64Array()), importance, direction }
  })
}

function spreadOf(column: Column): Omit<FeatureSummary, 'name' | 'importance' | 'direction'> {
  const known = Float64Array.from(column.filter((value) => value === value)).sort()
  const missing = column.length === 0 ? 0 : 1 - known.length / column.length
  if (known.length === 0) return { missing, mean: 0, deviation: 0, deciles: [] }
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => quantileOfSorted(known, tenth / 10))
  return { missing, mean, deviation: Math.sqrt(squares / known.length), deciles }
}

/** Of the rows where both are known; 0 where one does not vary. */
function correlation(xs: Float64Array, ys: Float64Array): number {
  let [n, sumX, sumY] = [0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? Number.NaN
    if (x !== x) continue
    n++
    sumX += x
    sumY += ys[i] ?? 0
  }
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] ?? Number.NaN
    if (x !== x) continue
    const [dx, dy] = [x - sumX / n, (ys[i] ?? 0) - sumY / n]
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy))) : 0
}
