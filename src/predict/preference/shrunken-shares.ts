/**
 * What somebody answers to: channels, topics, offers. Each option's share of answers is drawn towards
 * that of the person's segment, and the segment's towards that of everybody, each as far as the data say
 * that persons and segments are alike (empirical Bayes in two steps: Kass and Steffey, JASA 84, 1989).
 *
 *   everybody   Beta(M K, (1 - M) K) from the segments' totals, by most likelihood
 *   segment s   m_s = (M K + x_s) / (K + n_s)
 *   person p    Beta(m_s k + x_p, (1 - m_s) k + n_p - x_p), k by most likelihood over persons
 *
 * M, K and k are taken as known, so intervals are a little too narrow where there are few persons.
 */
import { RapportError } from '../../domain/error.ts'
import { incompleteBeta } from '../../math/beta.ts'
import { usualConfidence, type Estimate } from '../../math/interval.ts'
import { chancesOfLargest } from '../../math/largest-of-several.ts'
import { bestStrength, betaBinomialLikelihood, fitBetaBinomial, shareOf } from './beta-binomial.ts'
import { strongest, type BetaPrior } from './beta-binomial.ts'

/** Counts at one moment, faded. Matrices are persons x options, row after row. */
export interface AnswerCounts {
  readonly options: readonly string[]
  /** Number of the segment of each person, from 0; one segment for all is fine. */
  readonly segment: ArrayLike<number>
  readonly segments: number
  /** How often each was tried: messages sent, offers shown. */
  readonly trials: ArrayLike<number>
  /** How often it was answered, at most as often as tried. */
  readonly successes: ArrayLike<number>
}

/** Plain data: may be kept as JSON. */
export interface ShareModel {
  readonly options: readonly string[]
  /** One an option. */
  readonly population: readonly BetaPrior[]
  /** segments x options: the mean of the segment, drawn towards everybody. */
  readonly segmentMeans: readonly (readonly number[])[]
  /** One an option: trials that what is known of the segment counts as much as. */
  readonly personStrength: readonly number[]
}

export interface OptionPreference extends Estimate {
  readonly option: string
  /** Trials and answers of the person that are behind it, faded. */
  readonly trials: number
  readonly successes: number
  /** Chance that no other option has a higher share; they add up to 1. */
  readonly chanceOfBest: number
}

/** Of so many persons, evenly chosen, the strength is learned: more add time, not digits. */
const learnedFrom = 10_000

/** @throws RapportError invalid_analysis for counts that cannot be. */
export function fitShares(counts: AnswerCounts): ShareModel {
  check(counts)
  const { options } = counts
  const fits = options.map((_, option) => fitOption(counts, option))
  return {
    options,
    population: fits.map(({ population }) => population),
    segmentMeans: Array.from({ length: counts.segments }, (_, s) =>
      fits.map(({ means, population }) => means[s] ?? population.mean),
    ),
    personStrength: fits.map(({ strength }) => strength),
  }
}

/**
 * The options of one person, the best first.
 *
 * @param segment number of their segment, or null where it is not known
 * @param trials one an option, faded to now; `successes` alike
 */
export function preferencesOf(
  model: ShareModel,
  segment: number | null,
  { trials, successes }: Pick<AnswerCounts, 'trials' | 'successes'>,
  confidence = usualConfidence,
): OptionPreference[] {
  model.options.forEach((_, o) => checkCount(1, trials[o] ?? 0, successes[o] ?? 0))
  const priors = model.options.map((_, o): BetaPrior => {
    const known = segment === null ? undefined : model.segmentMeans[segment]?.[o]
    const mean = known ?? model.population[o]?.mean ?? 0.5
    return { mean, strength: model.personStrength[o] ?? 1 }
  })
  const chances = chancesOfBest(priors, trials, successes)
  return model.options
    .map((option, o): OptionPreference => {
      const [n, x] = [trials[o] ?? 0, successes[o] ?? 0]
      const share = shareOf(priors[o] ?? { mean: 0.5, strength: 1 }, x, n, confidence)
      return { option, ...share, trials: n, successes: x, chanceOfBest: chances[o] ?? 0 }
    })
    .sort((a, b) => b.value - a.value)
}

interface OptionFit {
  readonly population: BetaPrior
  readonly means: readonly number[]
  readonly strength: number
}

function fitOption({ segment, segments, ...counts }: AnswerCounts, option: number): OptionFit {
  const width = counts.options.length
  const [x, n] = [new Float64Array(segments), new Float64Array(segments)]
  const persons: number[] = []
  for (let p = 0; p < segment.length; p++) {
    const tried = counts.trials[p * width + option] ?? 0
    if (!(tried > 0)) continue
    const s = segment[p] ?? 0
    n[s] = (n[s] ?? 0) + tried
    x[s] = (x[s] ?? 0) + (counts.successes[p * width + option] ?? 0)
    persons.push(p)
  }
  const population = fitBetaBinomial({ successes: x, trials: n })
  // Never tried: nothing is known but that it lies between 0 and 1.
  if (population === null) return { population: { mean: 0.5, strength: 2 }, means: [], strength: 2 }
  const { mean, strength } = population
  const means = Array.from(
    { length: segments },
    (_, s) => (mean * strength + (x[s] ?? 0)) / (strength + (n[s] ?? 0)),
  )
  const step = Math.max(1, Math.floor(persons.length / learnedFrom))
  const some = persons.filter((_, i) => i % step === 0)
  const sample = {
    successes: some.map((p) => counts.successes[p * width + option] ?? 0),
    trials: some.map((p) => counts.trials[p * width + option] ?? 0),
  }
  const own = some.map((p) => means[segment[p] ?? 0] ?? mean)
  const k = bestStrength((one) => betaBinomialLikelihood(sample, (i) => own[i] ?? mean, one))
  return { population, means, strength: Math.min(k, strongest) }
}

const cells = 40

/** Exact but for a grid over where the best one can lie. */
function chancesOfBest(
  priors: readonly BetaPrior[],
  trials: ArrayLike<number>,
  successes: ArrayLike<number>,
): Float64Array {
  const shapes = priors.map(({ mean, strength }, o) => {
    const [n, x] = [trials[o] ?? 0, successes[o] ?? 0]
    const [a, b] = [strength * mean + x, strength * (1 - mean) + Math.max(0, n - x)]
    const middle = a / (a + b)
    const reach = 5 * Math.sqrt((middle * (1 - middle)) / (a + b + 1))
    return { a, b, from: middle - reach, to: middle + reach }
  })
  const low = Math.max(0, ...shapes.map(({ from }) => from))
  const high = Math.min(1, Math.max(...shapes.map(({ to }) => to)))
  const distribution = new Float64Array(shapes.length * (cells + 1))
  for (const [o, { a, b, from, to }] of shapes.entries())
    for (let c = 0; c <= cells; c++) {
      const t = low + ((high - low) * c) / cells
      // Beyond its reach nothing is left to be looked up.
      distribution[o * (cells + 1) + c] = t >= to ? 1 : t <= from ? 0 : incompleteBeta(t, a, b)
    }
  const chances = new Float64Array(shapes.length)
  chancesOfLargest(distribution, cells + 1, chances)
  return chances
}

function check({ options, segment, segments, trials, successes }: AnswerCounts): void {
  const fail = (detail: string): never => {
    throw new RapportError('invalid_analysis', detail)
  }
  const cells = segment.length * options.length
  if (options.length === 0) fail('There is no option to prefer.')
  if (trials.length !== cells || successes.length !== cells)
    fail(`${segment.length} persons with ${options.length} options need ${cells} counts.`)
  for (let p = 0; p < segment.length; p++) {
    const s = segment[p] ?? -1
    if (!(Number.isInteger(s) && s >= 0 && s < segments))
      fail(`Person ${p + 1} is in segment ${s}, and there are ${segments}.`)
  }
  for (let k = 0; k < cells; k++) {
    const person = Math.floor(k / options.length) + 1
    checkCount(person, trials[k] ?? Number.NaN, successes[k] ?? Number.NaN)
  }
}

function checkCount(person: number, trials: number, successes: number): void {
  if (!(successes >= 0 && successes <= trials * (1 + 1e-9) && trials < 1e12))
    throw new RapportError(
      'invalid_analysis',
      `Person ${person}: ${successes} answers to ${trials} trials cannot be.`,
    )
}
