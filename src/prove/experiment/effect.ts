/**
 * What a treatment changed: difference and lift (difference by the value of the control), of means, of
 * ratios, and of means made sharper by what was known before (CUPED). Each with a standard error, so
 * that `always-valid.ts` and `bayes.ts` can go on from there.
 */
import { usualConfidence, type Estimate } from '../../math/interval.ts'
import { studentDeviate, studentTail } from '../../math/student.ts'
import { checkArms, unitVariance, type ArmSums } from './arm-sums.ts'

export interface Effect {
  readonly control: number
  readonly treatment: number
  /** treatment - control */
  readonly difference: Estimate
  readonly standardError: number
  /** Degrees of freedom (Welch and Satterthwaite). */
  readonly freedom: number
  /** Two-sided; 1 where nothing varies and nothing differs. */
  readonly p: number
  /** difference / control; null where the control is not clearly off 0 (2 standard errors). */
  readonly lift: Estimate | null
}

/**
 * Difference of means by Welch (Biometrika 34, 1947); the lift by the delta method (Deng, Knoblich, Lu,
 * KDD 2018, section 2.2).
 *
 * @throws RapportError invalid_analysis where an arm has fewer than two units.
 */
export function differenceOfArms(
  control: ArmSums,
  treatment: ArmSums,
  confidence = usualConfidence,
): Effect {
  checkArms(control, treatment)
  return effectOf(
    { value: control.y, variance: unitVariance(control) / control.units, units: control.units },
    {
      value: treatment.y,
      variance: unitVariance(treatment) / treatment.units,
      units: treatment.units,
    },
    confidence,
  )
}

/**
 * Difference of ratios of sums, sum y / sum x: clicks a view, where people were drawn to the arms and
 * not views. Delta method (Deng, Knoblich, Lu 2018, equation 4): the variance of a unit is that of
 * (y - R x) / mean x.
 *
 * @throws RapportError invalid_analysis where an arm has fewer than two units, or nothing below the
 *   fraction.
 */
export function differenceOfRatios(
  control: ArmSums,
  treatment: ArmSums,
  confidence = usualConfidence,
): Effect | null {
  checkArms(control, treatment)
  if (!(control.x > 0 && treatment.x > 0)) return null
  const part = (arm: ArmSums): Part => {
    const value = arm.y / arm.x
    return { value, variance: unitVariance(arm, value) / arm.x ** 2 / arm.units, units: arm.units }
  }
  return effectOf(part(control), part(treatment), confidence)
}

export interface CupedEffect extends Effect {
  /** theta: cov(x, y) / var(x), of both arms together. */
  readonly slope: number
  /** Share of the variance that x explains away, 0 to 1. */
  readonly varianceReduction: number
}

/**
 * CUPED (Deng, Xu, Kohavi, Walker, WSDM 2013, equations 3 to 5): y - theta (x - mean x), where x was
 * known before the experiment and so cannot have been changed by it. With theta of both arms, the
 * difference is that of means less theta times the difference in x; its variance falls by the square of
 * the correlation.
 */
export function cupedDifference(
  control: ArmSums,
  treatment: ArmSums,
  confidence = usualConfidence,
): CupedEffect {
  checkArms(control, treatment)
  const xx = control.xx + treatment.xx
  const slope = xx > 0 ? (control.xy + treatment.xy) / xx : 0
  const units = control.units + treatment.units
  const middle = (control.units * control.x + treatment.units * treatment.x) / units
  const part = (arm: ArmSums): Part => ({
    value: arm.y - slope * (arm.x - middle),
    variance: unitVariance(arm, slope) / arm.units,
    units: arm.units,
  })
  const plain = control.yy + treatment.yy
  const explained = slope * (control.xy + treatment.xy)
  return {
    ...effectOf(part(control), part(treatment), confidence),
    slope,
    varianceReduction: plain > 0 ? Math.min(1, Math.max(0, explained / plain)) : 0,
  }
}

interface Part {
  readonly value: number
  /** Of the value, not of a unit. */
  readonly variance: number
  readonly units: number
}

function effectOf(control: Part, treatment: Part, confidence: number): Effect {
  const variance = control.variance + treatment.variance
  const error = Math.sqrt(variance)
  const freedom =
    variance === 0
      ? control.units + treatment.units - 2
      : variance ** 2 /
        (control.variance ** 2 / (control.units - 1) +
          treatment.variance ** 2 / (treatment.units - 1))
  const deviate = studentDeviate(confidence, freedom)
  const value = treatment.value - control.value
  return {
    ...{ control: control.value, treatment: treatment.value, freedom, standardError: error },
    difference: { value, low: value - deviate * error, high: value + deviate * error },
    p: error > 0 ? studentTail(value / error, freedom) : Number(value === 0),
    lift: liftOf(control, treatment, deviate),
  }
}

function liftOf(control: Part, treatment: Part, deviate: number): Estimate | null {
  const base = control.value
  if (!(base ** 2 > 4 * control.variance) || base === 0) return null
  const value = (treatment.value - base) / Math.abs(base)
  const variance =
    treatment.variance / base ** 2 + (control.variance * treatment.value ** 2) / base ** 4
  const half = deviate * Math.sqrt(variance)
  return { value, low: value - half, high: value + half }
}
