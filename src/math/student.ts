/**
 * Student's t: two-sided tail probability and the deviate of an interval, by the incomplete beta
 * function: P(|T| > t) = I_{v / (v + t^2)}(v / 2, 1/2)  (Abramowitz and Stegun 26.7.1).
 */
import { betaQuantile, incompleteBeta } from './beta.ts'
import { checkConfidence } from './interval.ts'

/** Probability that a t variable lies further from 0 than `t`. */
export function studentTail(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
}

/** Deviate of a two-sided interval: 2.26 for .95 and 9 degrees of freedom. */
export function studentDeviate(confidence: number, freedom: number): number {
  checkConfidence(confidence)
  const x = betaQuantile(1 - confidence, freedom / 2, 0.5)
  return Math.sqrt((freedom * (1 - x)) / x)
}
