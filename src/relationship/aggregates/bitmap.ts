import { dayMilliseconds } from '../duration.ts'
import type { Aggregate } from '../aggregate.ts'

/** The newest period with a mark (days or weeks since 1970) and 64 bits back from it, bit 0 = newest. */
export interface Bitmap {
  readonly newest: number
  readonly bits: bigint
}

const all64 = 0xffff_ffff_ffff_ffffn

/** Days since 1970-01-01 UTC. */
export const dayOf = (at: number): number => Math.floor(at / dayMilliseconds)
/** Weeks since Monday 1969-12-29 UTC: 1970-01-01 was a Thursday. */
export const weekOf = (at: number): number => Math.floor((dayOf(at) + 3) / 7)

function bitmap(
  periodOf: (at: number) => number,
  clickhousePeriod: (at: string) => string,
): Aggregate<Bitmap> {
  return {
    columns: [
      { suffix: '_newest', type: 'int4' },
      { suffix: '_bits', type: 'int8' },
    ],
    lift: ({ at }) => ({ newest: periodOf(at), bits: 1n }),
    merge: (left, right) => {
      const newest = Math.max(left.newest, right.newest)
      return { newest, bits: shift(left, newest) | shift(right, newest) }
    },
    toCells: ({ newest, bits }) => [newest, BigInt.asIntN(64, bits)],
    fromCells: ([newest, bits]) =>
      newest === null || newest === undefined || bits === null || bits === undefined
        ? null
        : { newest: Number(newest), bits: BigInt.asUintN(64, BigInt(bits as bigint)) },
    postgresMerge: ([leftNewest, leftBits], [rightNewest, rightBits]) => {
      const newest = `greatest(${leftNewest}, ${rightNewest})`
      // A shift of 64 or more would wrap around in PostgreSQL, so it is cut here.
      const aligned = (own: string, bits: string): string =>
        `case when ${newest} - ${own} < 64 then ${bits} << (${newest} - ${own}) else 0 end`
      return [
        newest,
        `coalesce(${aligned(String(leftNewest), String(leftBits))}, 0) | ` +
          `coalesce(${aligned(String(rightNewest), String(rightBits))}, 0)`,
      ]
    },
    clickhouse: ({ when, at }) => {
      const periods = `groupUniqArrayIf(${clickhousePeriod(at)}, ${when})`
      const newest = `arrayMax(${periods})`
      // As text, since a JSON number would lose bits beyond 2^53.
      const bits =
        `toString(reinterpretAsInt64(arraySum(p -> bitShiftLeft(toUInt64(1), toUInt64(${newest} - p)), ` +
        `arrayFilter(p -> ${newest} - p < 64, ${periods}))))`
      return [`if(empty(${periods}), null, ${newest})`, `if(empty(${periods}), null, ${bits})`]
    },
  }
}

function shift({ newest, bits }: Bitmap, to: number): bigint {
  const by = to - newest
  return by >= 64 ? 0n : (bits << BigInt(by)) & all64
}

export const days = bitmap(dayOf, (at) => `toInt32(intDiv(${at}, ${dayMilliseconds}))`)
export const weeks = bitmap(
  weekOf,
  (at) => `toInt32(intDiv(intDiv(${at}, ${dayMilliseconds}) + 3, 7))`,
)

/** How many periods have a mark among the last `length` periods up to and including `period`. */
export function markedPeriods(state: Bitmap, period: number, length: number): number {
  const back = period - state.newest
  const visible = Math.min(64, length) - back
  if (visible <= 0) return 0
  // Marks in the future of `period` (clock skew) count as now.
  return markedBack(state).filter((place) => place < visible).length
}

/** How many periods before the newest each mark lies, newest first: 0 and up to 63 more. */
export function markedBack({ bits }: Bitmap): number[] {
  // Two plain integers: arithmetic on bigints makes an object a step.
  const halves = [Number(bits & 0xffff_ffffn), Number(bits >> 32n)]
  const places: number[] = []
  for (let half = 0; half < 2; half++) {
    for (let rest = (halves[half] as number) | 0; rest !== 0; rest &= rest - 1) {
      places.push(half * 32 + 31 - Math.clz32(rest & -rest))
    }
  }
  return places
}
