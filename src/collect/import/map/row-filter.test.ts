import { describe, expect, it } from 'vitest'
import { mappingSchema } from '../mapping-schema.ts'
import { compileFilter } from './row-filter.ts'
import type { RowFilter } from '../mapping-schema.ts'

const columns = ['delivered', 'announced', 'paid', 'owed']

function holds(when: RowFilter, cells: readonly string[]): boolean {
  const mapping = mappingSchema.parse({
    mapping: 'Test',
    source: 'test',
    file: {},
    touchpoints: {
      one: {
        event: { constant: 'X' },
        id: ['paid'],
        time: { constant: '2026-01-01' },
        identifiers: { user_id: 'paid' },
        when,
      },
    },
  })
  const known = { mapping, file: columns, lookups: new Map(), missing: new Set<string>() }
  const test = compileFilter(mapping.touchpoints['one']?.when ?? {}, known)
  return test({ cells, row: 1, found: [], problems: [] })
}

describe('a test against another column', () => {
  const inTime: RowFilter = { delivered: { at_most_column: 'announced' } }
  const late: RowFilter = { delivered: { above_column: 'announced' } }

  it('compares times as text, and is inclusive where it says at most', () => {
    const row = (delivered: string): string[] => [delivered, '2018-08-27 00:00:00', '', '']
    for (const [delivered, isLate] of [
      ['2018-08-20 15:15:42', false],
      ['2018-08-27 00:00:00', false],
      ['2018-08-27 00:00:01', true],
    ] as const) {
      expect(holds(inTime, row(delivered))).toBe(!isLate)
      expect(holds(late, row(delivered))).toBe(isLate)
    }
  })

  it('compares numbers as numbers', () => {
    expect(holds({ paid: { at_most_column: 'owed' } }, ['', '', '9', '10'])).toBe(true)
    expect(holds({ paid: { above_column: 'owed' } }, ['', '', '10', '9'])).toBe(true)
  })

  it('holds in neither direction where one of them is empty', () => {
    for (const cells of [
      ['', '2018-01-01', '', ''],
      ['2018-01-01', '', '', ''],
    ]) {
      expect(holds(inTime, cells)).toBe(false)
      expect(holds(late, cells)).toBe(false)
    }
  })
})
