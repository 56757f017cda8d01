/**
 * Journeys dealt out at random into so many blocks. Each journey goes to one block, also where a row
 * stands for many: the parts add up to the whole exactly.
 */
import { drawBinomial } from '../../math/binomial-draw.ts'
import type { Random } from '../../math/random.ts'
import type { PathColumns } from './paths.ts'

interface Hand {
  readonly rows: number[]
  readonly won: number[]
  readonly lost: number[]
}

export function splitBlocks(paths: PathColumns, count: number, random: Random): PathColumns[] {
  const { conversions, nulls } = paths
  const hands = Array.from({ length: count }, (): Hand => ({ rows: [], won: [], lost: [] }))
  const won = new Float64Array(count)
  const lost = new Float64Array(count)
  const touched = new Set<number>()
  for (let p = 0; p < conversions.length; p++) {
    const [up, down] = [conversions[p] ?? 0, nulls[p] ?? 0]
    if (up + down === 1 && (up === 0 || down === 0)) {
      // Most rows are one journey.
      const hand = hands[random.integer(count)]
      hand?.rows.push(p)
      hand?.won.push(up)
      hand?.lost.push(down)
      continue
    }
    touched.clear()
    deal(up, { into: won, touched, random })
    deal(down, { into: lost, touched, random })
    for (const block of touched) {
      const hand = hands[block]
      hand?.rows.push(p)
      hand?.won.push(won[block] ?? 0)
      hand?.lost.push(lost[block] ?? 0)
      won[block] = 0
      lost[block] = 0
    }
  }
  return hands.map((hand) => gather(paths, hand))
}

interface Deal {
  readonly into: Float64Array
  readonly touched: Set<number>
  readonly random: Random
}

function deal(amount: number, { into, touched, random }: Deal): void {
  const give = (block: number, part: number): void => {
    if (part === 0) return
    into[block] = (into[block] ?? 0) + part
    touched.add(block)
  }
  const whole = Math.floor(amount)
  // A rest of less than a journey, where counts were weighted.
  if (amount > whole) give(random.integer(into.length), amount - whole)
  if (whole <= into.length) {
    for (let i = 0; i < whole; i++) give(random.integer(into.length), 1)
    return
  }
  let left = whole
  for (let block = 0; block < into.length; block++) {
    const part = drawBinomial(left, 1 / (into.length - block), random)
    give(block, part)
    left -= part
  }
}

function gather(paths: PathColumns, { rows, won, lost }: Hand): PathColumns {
  const { steps, offsets, conversions, value, ages } = paths
  const newOffsets = new Int32Array(rows.length + 1)
  rows.forEach((p, i) => {
    newOffsets[i + 1] = (newOffsets[i] ?? 0) + (offsets[p + 1] ?? 0) - (offsets[p] ?? 0)
  })
  const total = newOffsets[rows.length] ?? 0
  const newSteps = new Int32Array(total)
  const newAges = new Float64Array(ages ? total : 0)
  rows.forEach((p, i) => {
    const [from, to] = [offsets[p] ?? 0, offsets[p + 1] ?? 0]
    newSteps.set(steps.subarray(from, to), newOffsets[i])
    if (ages) newAges.set(ages.subarray(from, to), newOffsets[i])
  })
  return {
    channels: paths.channels,
    steps: newSteps,
    offsets: newOffsets,
    conversions: Float64Array.from(won),
    value: Float64Array.from(rows, (p, i) => {
      const all = conversions[p] ?? 0
      return all === 0 ? 0 : ((value[p] ?? 0) * (won[i] ?? 0)) / all
    }),
    nulls: Float64Array.from(lost),
    ...(ages ? { ages: newAges } : {}),
  }
}
