/**
 * Models of repeat purchases on customers simulated from the published BG/NBD parameters of CDNOW, on
 * a grid of days, watched for 27 to 39 weeks: in memory, and read from a CSV file. Peers' figures are
 * those recorded for a million such customers.
 */
import { mkdtempSync, openSync, rmSync, writeSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fitGammaGamma } from '../../src/predict/purchase/gamma-gamma.ts'
import { fitPurchaseModel } from '../../src/predict/purchase/fit-purchase-model.ts'
import { forecastOf } from '../../src/predict/purchase/predict-purchases.ts'
import { numbersOf, readColumns } from '../../src/cli/read-columns.ts'
import { seededRandom } from '../../src/math/random.ts'
import { timed, type PredictRow } from './row.ts'
import type { PurchaseHistories } from '../../src/predict/purchase/histories.ts'
import type { PurchaseKind } from '../../src/predict/purchase/purchase-model.ts'

const million = 1_000_000
const peers: Readonly<Record<PurchaseKind, readonly [name: string, seconds: number, aim: number]>> =
  {
    bgnbd: ['lifetimes 0.11.3', 12.2, 0.5],
    mbgnbd: ['lifetimes 0.11.3', 12, 0.5],
    paretonbd: ['CLVTools 0.12.1', 18.3, 3],
  }

export async function* rows(size: number): AsyncGenerator<PredictRow> {
  const histories = simulate(size)
  const rounds = size > million ? 1 : 3
  for (const [kind, [name, seconds, aim]] of Object.entries(peers) as [
    PurchaseKind,
    [string, number, number],
  ][]) {
    const { seconds: ours, result } = await timed(() => fitPurchaseModel(kind, histories), rounds)
    yield {
      ...{ what: `${kind}: fit of ${size.toLocaleString('en')} customers`, ours },
      ...held(size, { name, seconds, aim }),
      result: `log-likelihood ${result.logLikelihood.toFixed(3)}`,
    }
  }
  yield* spendRows(size, rounds)
  yield* predictionRows(histories)
  yield* fileRows(histories, rounds)
}

interface Recorded {
  readonly name: string
  readonly seconds: number
  readonly aim: number
}

/** Records are of a million customers, and so are most aims. */
function held(size: number, { name, seconds, aim }: Recorded): Partial<PredictRow> {
  return size === million ? { peer: { name, seconds }, aim } : {}
}

async function* spendRows(size: number, rounds: number): AsyncGenerator<PredictRow> {
  const random = seededRandom('spend')
  const frequency = new Float64Array(size)
  const spend = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const x = 1 + random.poisson(random.gamma(0.5, 4))
    frequency[i] = x
    spend[i] = random.gamma(6.25 * x, 1 / random.gamma(3.74, 1 / 15.44)) / x
  }
  const { seconds: ours, result } = await timed(() => fitGammaGamma({ frequency, spend }), rounds)
  yield {
    ...{ what: `gammagamma: fit of ${size.toLocaleString('en')} repeaters`, ours },
    ...(size === million ? { aim: 0.5 } : {}),
    result: `log-likelihood ${result.logLikelihood.toFixed(3)}`,
  }
}

async function* predictionRows(histories: PurchaseHistories): AsyncGenerator<PredictRow> {
  const { frequency, recency, age } = histories
  const forecast = forecastOf('bgnbd', { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 })
  const { seconds: ours, result } = await timed(() => {
    let sum = 0
    for (let i = 0; i < frequency.length; i++)
      sum += forecast.expected(
        { frequency: frequency[i] ?? 0, recency: recency[i] ?? 0, age: age[i] ?? 0 },
        39,
      )
    return sum
  }, 1)
  yield {
    what: `bgnbd: expected purchases of ${frequency.length.toLocaleString('en')} customers`,
    ours,
    ...held(frequency.length, { name: 'lifetimes 0.11.3', seconds: 0.63, aim: 0.63 }),
    result: `${result.toFixed(0)} purchases`,
  }
}

async function* fileRows(histories: PurchaseHistories, rounds: number): AsyncGenerator<PredictRow> {
  const size = histories.frequency.length
  const folder = mkdtempSync(join(tmpdir(), 'rapport-bench-'))
  const file = join(folder, 'customers.csv')
  try {
    writeFile(file, histories)
    const { seconds: ours } = await timed(async () => {
      const read = await readColumns({ file, numbers: ['frequency', 'recency', 'age'] })
      const [frequency, recency, age] = ['frequency', 'recency', 'age'].map((name) =>
        numbersOf(read, name),
      ) as [Float64Array, Float64Array, Float64Array]
      return fitPurchaseModel('bgnbd', { frequency, recency, age })
    }, rounds)
    yield {
      what: `bgnbd: the same, read from a CSV file`,
      ours,
      ...(size === million ? { aim: 1 } : size === 10 * million ? { aim: 6 } : {}),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeFile(path: string, { frequency, recency, age }: PurchaseHistories): void {
  const into = openSync(path, 'w')
  let lines = ['frequency,recency,age']
  for (let i = 0; i < frequency.length; i++) {
    lines.push(`${frequency[i]},${recency[i]},${age[i]}`)
    if (lines.length < 50_000) continue
    writeSync(into, `${lines.join('\n')}\n`)
    lines = []
  }
  writeSync(into, `${lines.join('\n')}\n`)
  closeSync(into)
}

function simulate(size: number): PurchaseHistories {
  const random = seededRandom('purchases')
  const [frequency, recency, age] = [0, 0, 0].map(() => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < size; i++) {
    const days = 189 + random.integer(84)
    const pause = 7 / random.gamma(0.243, 1 / 4.414)
    const leaves = random.beta(0.793, 2.426)
    let [time, count, last] = [0, 0, 0]
    for (;;) {
      time += random.exponential(pause)
      const day = Math.ceil(time)
      if (!(day <= days)) break
      if (day > last) count++
      last = day
      if (random.chance(leaves)) break
    }
    frequency[i] = count
    recency[i] = last / 7
    age[i] = days / 7
  }
  return { frequency, recency, age }
}
