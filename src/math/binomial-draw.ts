/**
 * Draws a binomial count: of `trials`, how many succeed with this probability. By splitting at the
 * median of ordered uniforms, which is a beta variable, until few are left (L. Devroye, Non-Uniform
 * Random Variate Generation, 1986, section X.4.3): exact, in about log2(trials) steps.
 */
import type { Random } from './random.ts'

export function drawBinomial(trials: number, probability: number, random: Random): number {
  if (!(Number.isSafeInteger(trials) && trials >= 0 && probability >= 0 && probability <= 1))
    throw new RangeError(`There is no binomial count of ${trials} with ${probability}.`)
  let [left, chance, count] = [trials, probability, 0]
  while (left > 32) {
    const below = 1 + Math.floor(left / 2)
    const middle = random.beta(below, left + 1 - below)
    if (middle >= chance) {
      left = below - 1
      chance = Math.min(1, chance / middle)
    } else {
      count += below
      left -= below
      chance = Math.min(1, (chance - middle) / (1 - middle))
    }
  }
  for (; left > 0; left--) if (random.next() < chance) count++
  return count
}
