/**
 * Which content moved people up: weeks in which somebody read it, held against weeks in which
 * comparable people read as much of something else. Comparable: the same few weeks, the same rung, the
 * same persona, as many pieces. An association: who chooses what to read may differ in other ways.
 */
import { benjaminiHochberg } from '../../math/benjamini-hochberg.ts'
import { groupedJackknife, type Tested } from '../../math/grouped-jackknife.ts'
import { riskDifferenceParts } from '../../math/mantel-haenszel.ts'
import type { ContentEffect } from '../../domain/reports/reach.ts'
import { contentGroups, type ContentWeeks } from './reach-content-queries.ts'

interface Cell {
  readonly persona: string
  /** Of one piece of content, by group of people: weeks and rises with it, and without. */
  readonly groups: { size: number; cases: number; otherSize: number; otherCases: number }[]
}

/** Fewer say nothing: neither with it nor without it. */
const fewestWeeks = 20

export function contentEffects(
  names: readonly string[],
  weeks: readonly ContentWeeks[],
  personas: readonly string[],
): ContentEffect[] {
  const all = names.flatMap((name, index) => {
    const cells = cellsOf(weeks, index)
    return [null, ...personas].flatMap((persona) => {
      const own = persona === null ? cells : cells.filter((cell) => cell.persona === persona)
      const effect = effectOf(own)
      return effect ? [{ name, persona, ...effect }] : []
    })
  })
  // Two families of questions, each with its own rate of chance finds: over everybody, and by persona.
  const overall = adjusted(all.filter(({ persona }) => persona === null))
  const byPersona = adjusted(all.filter(({ persona }) => persona !== null))
  return [...overall, ...byPersona]
}

type Effect = Omit<ContentEffect, 'name' | 'persona' | 'q' | 'difference'> & {
  readonly tested: Tested
}

function adjusted(
  effects: readonly (Effect & { name: string; persona: string | null })[],
): ContentEffect[] {
  const q = benjaminiHochberg(effects.map(({ tested }) => tested.p))
  return effects.map(({ tested, ...effect }, index) => ({
    ...effect,
    difference: { value: tested.value, low: tested.low, high: tested.high },
    q: q[index] ?? 1,
  }))
}

function cellsOf(weeks: readonly ContentWeeks[], index: number): Cell[] {
  const cells = new Map<string, Cell>()
  for (const row of weeks) {
    const key = [row.month, row.rung, row.persona, row.pieces].join('|')
    let cell = cells.get(key)
    if (!cell) {
      const groups = Array.from({ length: contentGroups }, () => ({
        ...{ size: 0, cases: 0, otherSize: 0, otherCases: 0 },
      }))
      cells.set(key, (cell = { persona: row.persona, groups }))
    }
    const group = cell.groups[row.group]
    if (!group) continue
    const [size, cases] = [row.with_it[index] ?? 0, row.rose_with_it[index] ?? 0]
    group.size += size
    group.cases += cases
    group.otherSize += row.weeks - size
    group.otherCases += row.rose - cases
  }
  return [...cells.values()]
}

function effectOf(cells: readonly Cell[]): Effect | null {
  const totals = cells.map(({ groups }) =>
    groups.reduce((sum, group) => ({
      size: sum.size + group.size,
      cases: sum.cases + group.cases,
      otherSize: sum.otherSize + group.otherSize,
      otherCases: sum.otherCases + group.otherCases,
    })),
  )
  const sum = (of: keyof (typeof totals)[number]): number =>
    totals.reduce((all, total) => all + total[of], 0)
  const [weeks, rose] = [sum('size'), sum('cases')]
  if (weeks < fewestWeeks || sum('otherSize') < fewestWeeks) return null
  const tested = groupedJackknife(contentGroups, (without) => {
    const { above, below } = riskDifferenceParts(
      totals.map((total, index) => {
        const out = without === null ? undefined : cells[index]?.groups[without]
        if (!out) return total
        return {
          size: total.size - out.size,
          cases: total.cases - out.cases,
          otherSize: total.otherSize - out.otherSize,
          otherCases: total.otherCases - out.otherCases,
        }
      }),
    )
    return above / below
  })
  if (!tested) return null
  const share = rose / weeks
  return { weeks, rose, share, comparable: share - tested.value, tested }
}
