/**
 * When the steps of a funnel were taken. In strict order: the chain that first came as far as
 * `funnelLevel` says, begun as late as possible. In any order: level k means that the first k steps
 * all happened within the window, in whatever order.
 */
import type { FunnelEvents, FunnelOptions } from './funnel.ts'

/** Times of the steps of the deepest chain, one a step taken; empty where not even the first was. */
export function funnelChain(events: FunnelEvents, { stepCount, window }: FunnelOptions): number[] {
  const chains: (number[] | undefined)[] = []
  let deepest: number[] = []
  for (const { time, mask } of inOrder(events)) {
    for (let step = 0; step < stepCount; step++) {
      if (!(mask & (1 << step))) continue
      const before = step === 0 ? [] : chains[step - 1]
      if (!before || time > (before[0] ?? time) + window) continue
      const chain = [...before, time]
      chains[step] = chain
      if (chain.length > deepest.length) deepest = chain
    }
  }
  return deepest
}

/** Times, rising, of the steps of the first window in which most of the first steps happened. */
export function anyOrderChain(
  events: FunnelEvents,
  { stepCount, window }: FunnelOptions,
): number[] {
  const latest = new Float64Array(stepCount).fill(-Infinity)
  let deepest: number[] = []
  for (const { time, mask } of inOrder(events)) {
    for (let step = 0; step < stepCount; step++) if (mask & (1 << step)) latest[step] = time
    let level = 0
    while (level < stepCount && (latest[level] ?? -Infinity) >= time - window) level++
    if (level > deepest.length) deepest = [...latest.slice(0, level)].sort((a, b) => a - b)
  }
  return deepest
}

/** Events of equal times are one; within them steps are taken in their order. */
function inOrder({ times, fulfils }: FunnelEvents): { time: number; mask: number }[] {
  const masks = new Map<number, number>()
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0
    masks.set(time, (masks.get(time) ?? 0) | (fulfils[i] ?? 0))
  }
  return [...masks].map(([time, mask]) => ({ time, mask })).sort((a, b) => a.time - b.time)
}
