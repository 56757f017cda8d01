/**
 * Shares a whole number out by weight so that the parts are whole and add up to it exactly: each
 * part gets the floor of its quota, what is left goes one by one to the largest remainders
 * (Hamilton's method, 1791). Equal remainders go to the earlier part, so the result never depends on
 * chance. Where all weights are zero, nothing is shared out.
 */
export function apportion(total: number, weights: ArrayLike<number>): Float64Array {
  if (!(Number.isSafeInteger(total) && total >= 0))
    throw new RangeError(`Only a whole number from 0 can be shared out, not ${total}.`)
  const parts = new Float64Array(weights.length)
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`${weight} is no weight.`)
    sum += weight
  }
  if (sum === 0 || total === 0) return parts
  const remainders: { index: number; remainder: number }[] = []
  let left = total
  for (let index = 0; index < weights.length; index++) {
    const quota = total * ((weights[index] ?? 0) / sum)
    const part = Math.min(Math.floor(quota), left)
    parts[index] = part
    left -= part
    if ((weights[index] ?? 0) > 0) remainders.push({ index, remainder: quota - part })
  }
  remainders.sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (let i = 0; left > 0; i++, left--) {
    const { index } = remainders[i % remainders.length] ?? { index: 0 }
    parts[index] = (parts[index] ?? 0) + 1
  }
  return parts
}
