/**
 * Nodes and weights of Gauss-Legendre quadrature on (-1, 1): exact for polynomials of degree
 * 2n - 1 (Abramowitz and Stegun 25.4.29). Roots of the Legendre polynomial by Newton's method from
 * Tricomi's guess. Since they are symmetric, only those above 0 are given, for an even n.
 */
export interface HalfRule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** @param n even, 2 to 256 */
export function gaussLegendre(n: number): HalfRule {
  if (!(Number.isInteger(n / 2) && n >= 2 && n <= 256))
    throw new RangeError(`There is no rule of ${n} nodes here.`)
  const nodes = new Float64Array(n / 2)
  const weights = new Float64Array(n / 2)
  for (let i = 0; i < n / 2; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 1
    for (let round = 0; round < 20; round++) {
      let [below, here] = [1, x]
      for (let k = 2; k <= n; k++)
        [below, here] = [here, ((2 * k - 1) * x * here - (k - 1) * below) / k]
      slope = (n * (x * here - below)) / (x * x - 1)
      const step = here / slope
      x -= step
      if (Math.abs(step) < 1e-16) break
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}
