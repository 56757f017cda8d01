/**
 * PageRank: how often a walk that follows edges, and now and then begins anew anywhere, is at each
 * node (L. Page, S. Brin, R. Motwani, T. Winograd 1999). Where no edge leads on, it begins anew.
 *
 *   rank(v) = (1 - d) / n + d * (sum over u -> v of w(u, v) / w(u) * rank(u) + dangling / n)
 *
 * Power method until the ranks move by less than 1e-12 altogether.
 */
import { RapportError } from '../../domain/error.ts'

export interface Graph {
  readonly nodeCount: number
  readonly from: Int32Array
  readonly to: Int32Array
  /** Above 0; all alike where left out. */
  readonly weights?: Float64Array
}

export interface PageRankOptions {
  readonly damping?: number
  readonly tolerance?: number
}

/** Adds up to 1. Of rank flows to whom edges point: turn them round to rank those who brought others. */
export function pageRank(
  { nodeCount, from, to, weights }: Graph,
  { damping = 0.85, tolerance = 1e-12 }: PageRankOptions = {},
): Float64Array {
  if (!(damping >= 0 && damping < 1))
    throw new RapportError('invalid_analysis', 'The damping must be from 0, and below 1.')
  const out = new Float64Array(nodeCount)
  for (let edge = 0; edge < from.length; edge++) {
    const [one, other, weight] = [from[edge] ?? -1, to[edge] ?? -1, weights?.[edge] ?? 1]
    if (!(one >= 0 && one < nodeCount && other >= 0 && other < nodeCount && weight > 0))
      throw new RapportError('invalid_analysis', `Edge ${edge + 1} is none of this graph.`)
    out[one] = (out[one] ?? 0) + weight
  }
  let rank = new Float64Array(nodeCount).fill(1 / nodeCount)
  let next = new Float64Array(nodeCount)
  for (let change = Infinity; change > tolerance && nodeCount > 0;) {
    let dangling = 0
    for (let node = 0; node < nodeCount; node++) if (!out[node]) dangling += rank[node] ?? 0
    next.fill((1 - damping + damping * dangling) / nodeCount)
    for (let edge = 0; edge < from.length; edge++) {
      const [one, other] = [from[edge] ?? 0, to[edge] ?? 0]
      const share = (weights?.[edge] ?? 1) / (out[one] ?? 1)
      next[other] = (next[other] ?? 0) + damping * share * (rank[one] ?? 0)
    }
    const moved = next.reduce((sum, value, node) => sum + Math.abs(value - (rank[node] ?? 0)), 0)
    // Where rounding keeps it from coming nearer, it is as near as doubles are.
    if (moved >= change && moved < 1e-9) break
    change = moved
    ;[rank, next] = [next, rank]
  }
  return rank
}
