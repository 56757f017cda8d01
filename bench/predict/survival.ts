/** How long customers stay: Kaplan-Meier, Cox with three covariates, contracts. */
import { createForecaster } from '../../src/predict/survival/remaining-time.ts'
import { fitBetaGeometric } from '../../src/predict/survival/fit-shifted-beta-geometric.ts'
import { fitCox } from '../../src/math/cox/fit-cox.ts'
import { kaplanMeier, survivalQuantile } from '../../src/math/kaplan-meier.ts'
import { renewalsOfCustomers } from '../../src/predict/survival/renewals.ts'
import { seededRandom } from '../../src/math/random.ts'
import { timed, type PredictRow } from './row.ts'

const peer = (seconds: number) => ({ name: 'R survival 3.5-3', seconds })
const perMillion = (seconds: number, size: number): number => (seconds * size) / 1_000_000

/** Hazards that differ by a flag, a normal and a uniform covariate; watched for up to two years. */
function simulate(size: number) {
  const random = seededRandom('survival')
  const [time, day] = [new Float64Array(size), new Float64Array(size)]
  const event = new Uint8Array(size)
  const covariates = [0, 1, 2].map(() => new Float64Array(size))
  for (let i = 0; i < size; i++) {
    const x = [Number(random.next() < 0.5), random.normal(), random.next()] as const
    x.forEach((value, j) => {
      const column = covariates[j]
      if (column) column[i] = value
    })
    const hazard = 0.002 * Math.exp(0.5 * x[0] - 0.3 * x[1] + 0.2 * x[2])
    const [lasted, watched] = [random.exponential(1 / hazard), 730 * random.next()]
    time[i] = Math.min(lasted, watched)
    day[i] = Math.ceil(time[i] ?? 0)
    event[i] = Number(lasted <= watched)
  }
  return { time, day, event, covariates, names: ['flag', 'normal', 'uniform'] }
}

export async function* rows(size: number): AsyncGenerator<PredictRow> {
  const data = simulate(size)
  for (const [words, stop] of [
    ['days', data.day],
    ['no ties', data.time],
  ] as const) {
    const { seconds, result } = await timed(() => kaplanMeier(stop, data.event))
    yield {
      ...{ what: `Kaplan-Meier with intervals, ${words}`, ours: seconds },
      ...{ peer: peer(perMillion(2.06, size)), aim: perMillion(0.1, size) },
      result: `median ${survivalQuantile(result).value?.toFixed(1) ?? 'none'}`,
    }
  }
  for (const [words, stop, recorded] of [
    ['days', data.day, 6.8],
    ['no ties', data.time, 6.9],
  ] as const) {
    const { covariates, names, event } = data
    const { seconds, result } = await timed(() => fitCox({ stop, event, covariates, names }))
    yield {
      ...{ what: `Cox, 3 covariates, Efron, concordance, ${words}`, ours: seconds },
      ...{ peer: peer(perMillion(recorded, size)), aim: perMillion(1, size) },
      result: [...result.fit.coefficients].map((one) => one.toFixed(4)).join(' '),
    }
  }
  const { covariates, names, event, day } = data
  const robust = await timed(() =>
    fitCox({ stop: day, event, covariates, names }, { robust: true }),
  )
  yield { what: 'Cox with robust errors, days', ours: robust.seconds }
  const forecaster = createForecaster(robust.result)
  const asked = Math.min(size, 10_000)
  const remaining = await timed(() => {
    for (let i = 0; i < asked; i++)
      forecaster.remaining({ covariates: [i % 2, (i % 5) - 2, 0.5], now: i % 365 }, 730)
  })
  yield {
    what: `expected remaining time with interval, ${asked.toLocaleString('en')} people`,
    ours: remaining.seconds,
  }
  const periods = data.day.map((days) => Math.ceil(days / 30.5))
  const contracts = await timed(() => fitBetaGeometric(renewalsOfCustomers(periods, event)))
  yield {
    ...{ what: 'shifted-beta-geometric, customers one by one', ours: contracts.seconds },
    result: `alpha ${contracts.result.alpha.toFixed(3)} beta ${contracts.result.beta.toFixed(3)}`,
  }
}
