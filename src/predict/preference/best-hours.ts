/**
 * When somebody is there: the share of their activity in each hour of the week. Their own counts are
 * smoothed around the week (8 o'clock on Monday says something of 9 o'clock, Sunday night of Monday
 * morning) and across days (it says something of 8 o'clock on Tuesday), then drawn towards the profile of
 * their segment, and that towards everybody's (Dirichlet-multinomial: the counterpart of the
 * beta-binomial for many hours; J. E. Mosimann, Biometrika 49, 1962):
 *
 *   share_h = (k p_h + c_h) / (k + C)          p the profile of the segment, c smoothed counts, C their sum
 *
 * The kernel is a normal one wrapped around the week. k is the one of most likelihood over persons.
 */
import { RapportError } from '../../domain/error.ts'
import { betaQuantile } from '../../math/beta.ts'
import { logGamma } from '../../math/gamma.ts'
import { usualConfidence, type Estimate } from '../../math/interval.ts'
import { bestStrength } from './beta-binomial.ts'
import { hoursApart, hoursOfWeek } from './hour-of-week.ts'

export interface Smoothing {
  /** Standard deviation of the kernel, hours, above 0. */
  readonly hours: number
  /** Share of each event that counts for the same hour on all days, 0 to 1. */
  readonly acrossDays: number
}

export const usualSmoothing: Smoothing = { hours: 1.5, acrossDays: 0.5 }

/** Plain data: may be kept as JSON. Each profile has 168 shares that add up to 1. */
export interface HourModel {
  readonly population: readonly number[]
  readonly segments: readonly (readonly number[])[]
  /** Events that the profile of the segment counts as much as. */
  readonly strength: number
  readonly smoothing: Smoothing
}

export interface HourPreference extends Estimate {
  /** 0 is Monday 0:00 to 1:00 on the person's wall. */
  readonly hour: number
  /** Share in an hour, times 168: 2 is twice as active as on average. */
  readonly lift: number
}

/** Faded counts by hour of the week: persons x 168, row after row. */
export interface HourCounts {
  readonly events: ArrayLike<number>
  readonly segment: ArrayLike<number>
  readonly segments: number
}

/** Strength of what is known of everybody in the profile of a segment, events. */
const segmentStrength = 200
const learnedFrom = 4_000

/** @throws RapportError invalid_analysis for counts that cannot be. */
export function fitHours(counts: HourCounts, smoothing = usualSmoothing): HourModel {
  const { events, segment, segments } = counts
  if (events.length !== segment.length * hoursOfWeek)
    throw new RapportError('invalid_analysis', 'Each person needs 168 counts, one an hour.')
  const totals = Array.from({ length: segments }, () => new Float64Array(hoursOfWeek))
  const all = new Float64Array(hoursOfWeek)
  const active: number[] = []
  for (let p = 0; p < segment.length; p++) {
    const own = totals[segment[p] ?? -1]
    if (!own) throw new RapportError('invalid_analysis', `Person ${p + 1} is in no segment.`)
    if (addWeek(events, p, [own, all])) active.push(p)
  }
  const flat = new Float64Array(hoursOfWeek).fill(1 / hoursOfWeek)
  const population = shares(smooth(all, smoothing), flat, 1)
  const profiles = totals.map((own) => shares(smooth(own, smoothing), population, segmentStrength))
  const step = Math.max(1, Math.floor(active.length / learnedFrom))
  const sample = active.filter((_, i) => i % step === 0)
  const strength =
    sample.length < 2
      ? segmentStrength
      : bestStrength((k) => likelihood(counts, { sample, profiles, k }))
  return {
    population: [...population],
    segments: profiles.map((profile) => [...profile]),
    ...{ strength, smoothing },
  }
}

export interface HourOptions {
  readonly confidence?: number
  /** So many of the best; 24 where nothing is said. */
  readonly most?: number
  /** Hours that may be chosen, for example none of the night. */
  readonly allowed?: (hour: number) => boolean
}

/**
 * The hours of one person, the best first.
 *
 * @param segment number of their segment, or null where it is not known
 * @param events 168 counts of their own, faded to now
 */
export function hoursOf(
  model: HourModel,
  segment: number | null,
  events: ArrayLike<number>,
  { confidence = usualConfidence, most = 24, allowed = () => true }: HourOptions = {},
): HourPreference[] {
  const known = segment === null ? undefined : model.segments[segment]
  const profile = known ?? model.population
  const own = Float64Array.from({ length: hoursOfWeek }, (_, h) => checked(events[h] ?? 0))
  const counts = smooth(own, model.smoothing)
  const total = model.strength + own.reduce((sum, one) => sum + one, 0)
  const weight = counts.map((count, h) => model.strength * (profile[h] ?? 0) + count)
  const tail = (1 - confidence) / 2
  return Array.from(weight.keys())
    .filter(allowed)
    .sort((one, other) => (weight[other] ?? 0) - (weight[one] ?? 0))
    .slice(0, most)
    .map((hour): HourPreference => {
      const a = weight[hour] ?? 0
      const b = Math.max(1e-12, total - a)
      const [low, high] = [betaQuantile(tail, a, b), betaQuantile(1 - tail, a, b)]
      return { hour, value: a / total, low, high, lift: (a / total) * hoursOfWeek }
    })
}

/** Counts spread by the kernel; their sum stays. */
export function smooth(counts: ArrayLike<number>, smoothing: Smoothing): Float64Array {
  const kernel = kernelOf(smoothing)
  const smoothed = new Float64Array(hoursOfWeek)
  for (let from = 0; from < hoursOfWeek; from++) {
    const count = counts[from] ?? 0
    if (count === 0) continue
    for (let to = 0; to < hoursOfWeek; to++) {
      const share = kernel[(to - from + hoursOfWeek) % hoursOfWeek] ?? 0
      smoothed[to] = (smoothed[to] ?? 0) + count * share
    }
  }
  return smoothed
}

/** By distance forward around the week; adds up to 1. */
function kernelOf({ hours, acrossDays }: Smoothing): Float64Array {
  if (!(hours > 0 && acrossDays >= 0 && acrossDays <= 1))
    throw new RapportError('invalid_analysis', 'Smooth over more than 0 hours, days 0 to 1.')
  const near = Float64Array.from({ length: hoursOfWeek }, (_, h) =>
    Math.exp(-0.5 * (hoursApart(h, 0) / hours) ** 2),
  )
  const sum = near.reduce((all, one) => all + one, 0)
  return near.map((own, h) => {
    let days = 0
    for (let day = 0; day < 7; day++) days += near[(h + 24 * day) % hoursOfWeek] ?? 0
    return ((1 - acrossDays) * own + (acrossDays * days) / 7) / sum
  })
}

function shares(counts: Float64Array, prior: ArrayLike<number>, strength: number): Float64Array {
  const total = counts.reduce((sum, one) => sum + one, strength)
  return counts.map((count, h) => (count + strength * (prior[h] ?? 0)) / total)
}

/** Whether there was anything to add. */
function addWeek(events: ArrayLike<number>, person: number, to: readonly Float64Array[]): boolean {
  let any = false
  for (let h = 0; h < hoursOfWeek; h++) {
    const count = checked(events[person * hoursOfWeek + h] ?? 0)
    if (count === 0) continue
    any = true
    for (const sums of to) sums[h] = (sums[h] ?? 0) + count
  }
  return any
}

interface StrengthSample {
  readonly sample: readonly number[]
  readonly profiles: readonly Float64Array[]
  readonly k: number
}

function likelihood(
  { events, segment }: HourCounts,
  { sample, profiles, k }: StrengthSample,
): number {
  let sum = 0
  for (const p of sample) {
    const profile = profiles[segment[p] ?? 0]
    let total = 0
    for (let h = 0; h < hoursOfWeek; h++) {
      const count = events[p * hoursOfWeek + h] ?? 0
      if (count === 0) continue
      const prior = k * (profile?.[h] ?? 0)
      sum += logGamma(prior + count) - logGamma(prior)
      total += count
    }
    sum -= logGamma(k + total) - logGamma(k)
  }
  return sum
}

function checked(count: number): number {
  if (count >= 0 && count < 1e12) return count
  throw new RapportError('invalid_analysis', `${count} is no count of events in an hour.`)
}
