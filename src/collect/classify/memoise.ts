/** Longer texts are computed anew: strangers' texts must not fill the memory. In UTF-16 units. */
const textLimit = 600

/**
 * Remembers what a pure function answered for a text, for at most twice `size` texts: when the young
 * half is full it becomes the old half, and what is asked for again moves back. That costs one map
 * look-up on a hit, and a stranger who sends ever new texts only costs the computation.
 */
export function memoise<Value>(
  compute: (text: string) => Value,
  size: number,
): (text: string) => Value {
  let young = new Map<string, Value>()
  let old = new Map<string, Value>()
  return (text) => {
    if (text.length > textLimit) return compute(text)
    let value = young.get(text)
    if (value !== undefined || young.has(text)) return value as Value
    value = old.has(text) ? (old.get(text) as Value) : compute(text)
    if (young.size >= size) {
      old = young
      young = new Map()
    }
    young.set(text, value)
    return value
  }
}
